#!/bin/sh
# Many Jobs at once on a redis-server of its own, driven without a process: how far the shares of 100 Jobs are from their weights, how much
# claims cost more than with one Job, and how soon a Job of 10 items starts behind one of 10^6. Exit status 1 where a share is 10 % off or
# a start takes more than 100 ms.
# Usage: bench/shares.sh BINARY   (the release build of bench/shares-bench); GRANTS=n sets the length
set -eu
binary=${1:?usage: shares.sh BINARY}
dir=$(mktemp -d)
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no --dir "$dir" --loglevel warning >"$dir/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$dir"' EXIT
until redis-cli -s "$dir/redis.sock" ping >/dev/null 2>&1; do sleep 0.05; done

"$binary" "unix://$dir/redis.sock" "${GRANTS:-200000}"
