#!/bin/sh
# What a verdict costs as Jobs grow: Jobs of 10^3, 10^5 and 10^6 indexes with backoffLimitPerIndex 2, some of whose indexes fail at every
# try, driven through the ledger without a process, beside a leader of its own each. First 0.1 % of the indexes fail. Then 300 among the
# last 1,000, whatever the size: as many verdicts, as close together. Then one, at the very first index, that waits 10 and 20 s.
# Two lines per Job. Columns of the first: completions, failing indexes, tenths of a second, indexes per second, the end.
# Of the second, about the leader: looks that brought verdicts, CPU and time of each and CPU of each verdict in microseconds; the other
# looks (counters reach the status ten times a second), CPU of each; the most bytes of bitmap read by one; its memory at the peak in MiB.
# Usage: bench/policy.sh BENCH   (the release build of policy-bench); SIZES="1000 100000 1000000"
set -eu
bench=${1:?usage: policy.sh BENCH}
dir=$(mktemp -d)
mkfifo "$dir/end"
redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' --appendonly no --dir "$dir" --loglevel warning >"$dir/log" &
server=$!
leader=
trap 'kill $leader "$server" 2>/dev/null || true; wait || true; rm -rf "$dir"' EXIT
until redis-cli -s "$dir/redis.sock" ping >/dev/null 2>&1; do sleep 0.05; done

# completions, failing indexes, among so many of the last, first back-off in ms
one() {
    redis-cli -s "$dir/redis.sock" flushall >/dev/null
    "$bench" lead "unix://$dir/redis.sock" "$4" <"$dir/end" >"$dir/out" 2>"$dir/err" &
    leader=$!
    exec 3>"$dir/end"
    until grep -q leading "$dir/err"; do sleep 0.05; done
    "$bench" drive "unix://$dir/redis.sock" "$1" "$2" "$3"
    exec 3>&-
    wait "$leader"
    leader=
    sed 's/^/                    leader: /' "$dir/out"
}

echo "  indexes failing s x 10 indexes/s  end"
echo "                    leader: judging us (CPU) us (all) us/verdict  others us (CPU) bitmap, B  MiB"
sizes=${SIZES:-1000 100000 1000000}
for size in $sizes; do one "$size" $((size / 1000)) "$size" 10; done
for size in $sizes; do one "$size" 300 1000 10; done
for size in $sizes; do one "$size" 1 "$size" 10000; done
