#!/usr/bin/env bash
# CEL: ours, a predicate by hand, cel-go and two npm evaluators on bench/cel/expressions.json, in turns: cel.sh [ROUNDS].
# Builds what is missing into ~/.cache/seawall/peers; prints a table of medians.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
peers=${SEAWALL_PEERS:-$HOME/.cache/seawall/peers}
figures=$(mktemp -d)
trap 'rm -rf "$figures"' EXIT

tools/build.sh release bench_cel
mkdir -p "$peers/cel-js"
(cd bench/cel/cel_go && GOFLAGS=-mod=readonly CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$peers/cel_go" .)
cp bench/cel/peers.mjs "$peers/cel-js/"
[ -d "$peers/cel-js/node_modules" ] ||
  npm install --silent --no-audit --no-fund --prefix "$peers/cel-js" @marcbachmann/cel-js @bufbuild/cel >&2

for ((round = 1; round <= rounds; ++round)); do
  build/release/bench/bench_cel >"$figures/ours.$round.jsonl"
  "$peers/cel_go" >"$figures/cel-go.$round.jsonl"
  for peer in cel-js bufbuild; do
    node "$peers/cel-js/peers.mjs" "$peer" bench/cel/expressions.json >"$figures/$peer.$round.jsonl"
  done
done
python3 bench/cel/table.py "$figures"
