#!/bin/sh
# Measures the ledger on a redis-server of its own: claim and report pairs per second by one client at chunks of 1 to 4096 items, with
# the time that Redis itself takes per pair (its share of the client's rate is the ratio), the submit of 10^8 indexes, memory per index.
# Usage: bench/ledger.sh BINARY   (the release build of bench/ledger-bench); PAIRS=n sets the length of each run
set -eu
binary=${1:?usage: ledger.sh BINARY}
dir=$(mktemp -d)
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no --dir "$dir" --loglevel warning >"$dir/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$dir"' EXIT
until redis-cli -s "$dir/redis.sock" ping >/dev/null 2>&1; do sleep 0.05; done

"$binary" "unix://$dir/redis.sock" "${PAIRS:-20000}"
