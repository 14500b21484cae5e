#!/usr/bin/env bash
# Builds the peers from their Go modules into ~/.cache/seawall/peers: peers.sh [syft] [trivy] [grype] [osv-scanner] [gator] [kyverno].
# About 1, 8, 4, 6, 3 and 5 minutes on two cores; a built one is left alone. Their build caches take gigabytes, so each build has its
# own and takes it away again.
set -euo pipefail
out=${SEAWALL_PEERS:-$HOME/.cache/seawall/peers}
mkdir -p "$out"
replace= # a line for go.mod
build() { # name, package, version, environment...
  local name=$1 package=$2 version=$3
  shift 3
  [ -x "$out/$name" ] && return
  echo "peer $name $version" >&2
  local work
  work=$(mktemp -d)
  (
    cd "$work"
    cat >go.mod <<MOD
module peer
go 1.26
$replace
MOD
    export GOCACHE=$work/cache
    env "$@" go get -tool "$package@$version" >"$out/$name.log" 2>&1
    env "$@" nice -n 10 go build -p "${SEAWALL_PEER_JOBS:-2}" -trimpath -ldflags='-s -w' -o "$out/$name" "$package" >>"$out/$name.log" 2>&1
  )
  rm -rf "$work"
}
for name in "${@:-syft trivy}"; do
  for one in $name; do
    case $one in
      syft) build syft github.com/anchore/syft/cmd/syft v1.57.0 CGO_ENABLED=0 ;;
      trivy) build trivy github.com/aquasecurity/trivy/cmd/trivy v0.74.0 GOEXPERIMENT=jsonv2 CGO_ENABLED=0 ;;
      grype) build grype github.com/anchore/grype/cmd/grype v0.121.2 CGO_ENABLED=0 ;;
      osv-scanner) build osv-scanner github.com/google/osv-scanner/v2/cmd/osv-scanner v2.6.0 GOTOOLCHAIN=go1.27.3 ;;
      gator) build gator github.com/open-policy-agent/gatekeeper/v3/cmd/gator v3.23.1 CGO_ENABLED=0 ;;
      kyverno)
        replace='replace k8s.io/pod-security-admission => github.com/kyverno/pod-security-admission v0.0.0-20251031094455-46f20778634f'
        build kyverno github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno v1.19.1 CGO_ENABLED=0
        replace=
        ;;
      *) echo "no such peer: $one" >&2; exit 2 ;;
    esac
  done
done
