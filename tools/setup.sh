#!/usr/bin/env bash
# Installs the Debian packages that are missing for what is named: tools/setup.sh build [run] [test].
# Quick and silent where nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

names=()
for part in "$@"; do
  while read -r line; do names+=($line); done < <(sed -n "s/^$part: //p" tools/packages.txt)
done

missing=()
for name in "${names[@]}"; do
  [ -e "/var/lib/dpkg/info/$name.list" ] || [ -e "/var/lib/dpkg/info/$name:$(dpkg --print-architecture).list" ] || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" != 0 ]; then
  echo "These Debian packages are missing; install them as root:" >&2
  echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 2
fi
echo "Installing ${#missing[@]} Debian packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if ! { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  echo "apt-get failed; its whole output is in $log" >&2
  exit 3
fi
rm -f "$log"
