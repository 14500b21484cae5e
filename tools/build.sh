#!/usr/bin/env bash
# Builds the release programs into build/bin, or another preset: tools/build.sh [PRESET [TARGET...]].
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
shift || true
if [ ! -e "build/$preset/build.ninja" ]; then
  cmake --preset "$preset" ${SEAWALL_CMAKE:-} >"/tmp/seawall-cmake-$$.log" 2>&1 || { cat "/tmp/seawall-cmake-$$.log" >&2; exit 3; }
  rm -f "/tmp/seawall-cmake-$$.log"
fi
status=()
[ -t 1 ] || status=(--quiet)
ninja -C "build/$preset" "${status[@]}" "$@"
