#!/bin/sh
# Compares `drover run` with xargs: the same 5,000 commands, two at a time, five times in turn. drover also records every outcome and captures output.
# Usage: bench/run.sh BINARY   (the release build of drover)
set -eu
binary=${1:?usage: run.sh BINARY}
items=${ITEMS:-5000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
seq "$items" >"$dir/items"
now() { date +%s%N; }
for round in 1 2 3 4 5; do
    start=$(now); xargs -P 2 -n 1 /bin/true <"$dir/items"; middle=$(now)
    "$binary" run -j 2 --items "$dir/items" --progress json -- /bin/true 2>"$dir/progress"; end=$(now)
    grep -q "\"succeeded\":$items," "$dir/progress" || { echo "outcomes are missing"; exit 1; }
    awk -v n="$items" -v x=$((middle - start)) -v d=$((end - middle)) -v r="$round" \
        'BEGIN { printf "round %d: xargs %.0f/s, drover %.0f/s, ratio %.2f\n", r, n * 1e9 / x, n * 1e9 / d, x / d; print x / d >> "/dev/stderr" }' 2>>"$dir/ratios"
done
sort -n "$dir/ratios" | awk '{ r[NR] = $1 } END { printf "ratio: median %.2f, spread %.2f..%.2f\n", r[3], r[1], r[5] }'
