#!/bin/sh
# Compares the Swift client with redis-benchmark on one connection with 64 calls on their way, five times in turn.
# Usage: bench/redis-client.sh BINARY   (the release build of bench/redis-client)
set -eu
binary=${1:?usage: redis-client.sh BINARY}
calls=${CALLS:-2000000}
dir=$(mktemp -d)
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no --dir "$dir" --loglevel warning >"$dir/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$dir"' EXIT
until redis-cli -s "$dir/redis.sock" ping >/dev/null 2>&1; do sleep 0.05; done

"$binary" "unix://$dir/redis.sock" 500000 | while read -r tasks rate; do echo "tasks $tasks: $rate GET/s"; done
for round in 1 2 3 4 5; do
    swift=$("$binary" "unix://$dir/redis.sock" "$calls" 64 | cut -d' ' -f2)
    c=$(redis-benchmark -s "$dir/redis.sock" -c 1 -P 64 -n "$calls" -t get --csv | awk -F'"' '$2 == "GET" { print int($4) }')
    echo "round $round: swift $swift/s, redis-benchmark $c/s, ratio $(awk "BEGIN { printf \"%.2f\", $swift / $c }")"
    awk "BEGIN { print $swift / $c }" >>"$dir/ratios"
done
sort -n "$dir/ratios" | awk '{ r[NR] = $1 } END { printf "ratio: median %.2f, spread %.2f..%.2f\n", r[3], r[1], r[5] }'
