#!/usr/bin/env bash
# Makes the starter database, data/starter.db.zst, and its part of NOTICE from tools/starter_sources.yaml.
#   tools/starter_db.sh            writes both
#   tools/starter_db.sh --check    builds again and fails where the result differs from what is committed
# The feeds lie in ../shared/feeds, or below SEAWALL_SHARED. The same feeds give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

feeds=${SEAWALL_SHARED:-../shared}/feeds
seawall=${SEAWALL:-build/bin/seawall}
sources=tools/starter_sources.yaml
packed=data/starter.db.zst
max_packed=$((12 << 20))

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build_database() {
  local from=()
  while read -r feed; do from+=(--from "$feeds/$feed"); done < <(sed -n 's/^  feed: //p' "$sources")
  "$seawall" db build --quiet --facts-only --starter --sources "$sources" "${from[@]}" -o "$work/starter.db" 2>"$work/log" ||
    { cat "$work/log" >&2; exit 3; }
}

# The sources as a paragraph each, between two lines that mark them in NOTICE.
begin='---- data/starter.db.zst: begin (written by tools/starter_db.sh) ----'
end='---- data/starter.db.zst: end ----'
notice_part() {
  printf '%s\n\n' "$begin"
  printf '%s\n' 'The starter database holds facts (identifiers, package names, version ranges, severities, scores, dates, exploitation' \
    'flags) taken from the following public sources, without their prose; what was changed: selected, normalised, compiled.' \
    'CC-BY-4.0 is https://creativecommons.org/licenses/by/4.0/.' ''
  awk 'function tell() { if (name) printf "%s: %s\n  licence %s%s\n", name, url, licence, origin }
       /^- name: /{tell(); name = $3; origin = ""} /^  licence: /{licence = substr($0, 12)} /^  url: /{url = $2}
       /^  commit: /{origin = ", commit " $2} /^  date: /{origin = origin " of " $2} END {tell()}' "$sources"
  printf '\n%s\n' "$end"
}

notice() {
  local rest=
  [ ! -e NOTICE ] || rest=$(sed "/^---- data\/starter.db.zst: begin/,/^---- data\/starter.db.zst: end/d" NOTICE)
  [ -n "$rest" ] || rest=$'Seawall\nCopyright the Seawall authors\n\nLicensed under the Apache License, Version 2.0 (see LICENSE).'
  printf '%s\n\n' "$rest"
  notice_part
}

build_database
if [ "${1:-}" = --check ]; then
  zstd -q -d --long=27 "$packed" -o "$work/committed.db"
  cmp "$work/starter.db" "$work/committed.db"
  diff <(notice_part) <(sed -n "/^---- data\/starter.db.zst: begin/,/^---- data\/starter.db.zst: end/p" NOTICE)
  echo "$packed is what its sources give"
  exit
fi
zstd -q -f --ultra -22 --long=27 --single-thread "$work/starter.db" -o "$work/starter.db.zst"
size=$(stat -c %s "$work/starter.db.zst")
[ "$size" -le "$max_packed" ] || { echo "packed: $size bytes, more than $max_packed" >&2; exit 1; }
mkdir -p data
mv "$work/starter.db.zst" "$packed"
notice >"$work/NOTICE"
mv "$work/NOTICE" NOTICE
chmod 644 NOTICE "$packed"
echo "$packed: $size bytes packed, $(stat -c %s "$work/starter.db") unpacked"
