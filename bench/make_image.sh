#!/usr/bin/env bash
# Composes the bench's image as an OCI layout: make_image.sh LAYOUT. Five layers, some 700 MB compressed: a Debian root file
# system (debootstrap), node modules, a Python tree, jars, Go programs. Kept under ~/.cache/seawall/bench until removed.
set -euo pipefail
layout=$1
here=$(cd "$(dirname "$0")" && pwd)
cache=${SEAWALL_BENCH_CACHE:-$HOME/.cache/seawall/bench}
mkdir -p "$cache"
say() { echo "bench image: $*" >&2; }

command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null

if [ ! -e "$cache/rootfs.tar" ]; then
  say "debootstrap"
  debootstrap --variant=minbase --include=ca-certificates,curl,git,openssl,python3,perl,procps,less,vim-tiny,xz-utils bookworm "$cache/rootfs" >"$cache/debootstrap.log" 2>&1
  rm -rf "$cache"/rootfs/var/cache/apt/archives/*.deb
  tar -C "$cache/rootfs" --numeric-owner --sort=name -cf "$cache/rootfs.tar.part" --exclude=./proc --exclude=./sys --exclude=./dev .
  mv "$cache/rootfs.tar.part" "$cache/rootfs.tar"
  rm -rf "$cache/rootfs"
fi

if [ ! -e "$cache/node.tar" ]; then
  say "npm"
  mkdir -p "$cache/node/srv/web" && cd "$cache/node/srv/web"
  npm init -y >/dev/null
  npm install --silent --no-audit --no-fund --ignore-scripts express@4.17.1 lodash@4.17.15 react@18 react-dom@18 webpack@5 typescript@5.4 eslint@8 jest@29 axios@0.21.1 next@14 \
    @angular/core@17 @babel/core@7 vite@5 >/dev/null
  tar -C "$cache/node" --sort=name -cf "$cache/node.tar.part" . && mv "$cache/node.tar.part" "$cache/node.tar"
  cd / && rm -rf "$cache/node"
fi

if [ ! -e "$cache/python.tar" ]; then
  say "pip"
  mkdir -p "$cache/python/usr/local/lib/python3.11"
  /usr/bin/python3 -m venv "$cache/venv"
  "$cache/venv/bin/pip" install -q --target "$cache/python/usr/local/lib/python3.11/site-packages" django==3.2.0 flask==2.0.0 requests==2.25.0 numpy pandas scipy scikit-learn \
    sqlalchemy jinja2 pyyaml cryptography pillow matplotlib boto3 botocore
  tar -C "$cache/python" --sort=name -cf "$cache/python.tar.part" . && mv "$cache/python.tar.part" "$cache/python.tar"
  rm -rf "$cache/python" "$cache/venv"
fi

if [ ! -e "$cache/java.tar" ]; then
  say "jars"
  mkdir -p "$cache/java/opt/app/lib"
  cat >"$cache/pom.xml" <<'POM'
<project><modelVersion>4.0.0</modelVersion><groupId>b</groupId><artifactId>b</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId><version>2.6.0</version></dependency>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-data-jpa</artifactId><version>2.6.0</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.14.1</version></dependency>
<dependency><groupId>org.apache.hadoop</groupId><artifactId>hadoop-client</artifactId><version>3.3.1</version></dependency>
<dependency><groupId>org.elasticsearch</groupId><artifactId>elasticsearch</artifactId><version>7.16.0</version></dependency>
</dependencies></project>
POM
  mvn -q -f "$cache/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DoutputDirectory="$cache/java/opt/app/lib" >"$cache/mvn.log" 2>&1 ||
    say "some jars could not be had; see $cache/mvn.log"
  tar -C "$cache/java" --sort=name -cf "$cache/java.tar.part" . && mv "$cache/java.tar.part" "$cache/java.tar"
  rm -rf "$cache/java"
fi

if [ ! -e "$cache/go.tar" ]; then
  say "Go programs"
  mkdir -p "$cache/go/usr/local/bin"
  find "${SEAWALL_PARTS:-$HOME/.cache/seawall/parts}" -type f -perm -100 -size +1M -exec cp {} "$cache/go/usr/local/bin/" \;
  mkdir -p "$cache/go/usr/local/go" && cp -r "$(go env GOROOT)/bin" "$(go env GOROOT)/pkg" "$cache/go/usr/local/go/"
  tar -C "$cache/go" --sort=name -cf "$cache/go.tar.part" . && mv "$cache/go.tar.part" "$cache/go.tar"
  rm -rf "$cache/go"
fi

say "compress"
/usr/bin/python3 "$here/compose_layout.py" "$layout" "$cache"/{rootfs,node,python,java,go}.tar
