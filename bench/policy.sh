#!/bin/sh
# What a verdict costs as Jobs grow: Jobs of 10^3, 10^5 and 10^6 indexes with backoffLimitPerIndex 2, some of whose indexes always fail,
# driven through the ledger without a process, beside a coordinator of its own each. First 0.1 % fail, then 300 whatever the size.
# Columns: completions, failing indexes, verdicts, seconds (in tenths), indexes per second, the coordinator's CPU in ms, and in
# microseconds per verdict, its memory at the peak in MiB, the end.
# Usage: bench/policy.sh DROVER BENCH   (the release builds of drover and policy-bench); SIZES="1000 100000 1000000"
set -eu
drover=${1:?usage: policy.sh DROVER BENCH}
bench=${2:?usage: policy.sh DROVER BENCH}
dir=$(mktemp -d)
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no --dir "$dir" --loglevel warning >"$dir/log" &
server=$!
coordinator=
trap 'kill $coordinator "$server" 2>/dev/null || true; wait || true; rm -rf "$dir"' EXIT
until redis-cli -s "$dir/redis.sock" ping >/dev/null 2>&1; do sleep 0.05; done

one() {
    redis-cli -s "$dir/redis.sock" flushall >/dev/null
    "$drover" coordinator --redis "unix://$dir/redis.sock" --listen 127.0.0.1:0 --pod-failure-backoff-base 10ms --pod-failure-backoff-max 20ms \
        --log-level info >"$dir/out" 2>"$dir/err" &
    coordinator=$!
    until grep -q leading "$dir/err"; do sleep 0.05; done
    "$bench" "unix://$dir/redis.sock" "$1" "$2" "$coordinator"
    kill "$coordinator"
    wait "$coordinator" || true
    coordinator=
}

echo "  indexes failing verdicts s x 10 indexes/s CPU ms   us/verdict MiB  end"
for size in ${SIZES:-1000 100000 1000000}; do one "$size" $((size / 1000)); done
for size in ${SIZES:-1000 100000 1000000}; do one "$size" 300; done
