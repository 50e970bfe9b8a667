#!/bin/sh
# Measures items in handlers: a redis-server and a coordinator of its own, two worker processes of one slot each.
#   indexes: no-op items per second from submit to Complete, five rounds; then one with a worker killed (-9) and replaced in the middle
#   payloads: items of 64 bytes, pushed, then run
#   latency: from the submit of one item to the start of its handler
#   large: a Job of 10^8 indexes: its submit, its run, and what its ledger takes at the end
# Usage: bench/items.sh DROVER ITEMS-BENCH   (release builds); EVERYSEC=1 runs Redis with appendfsync everysec
set -eu
drover=${1:?usage: items.sh DROVER ITEMS-BENCH}
bench=${2:?usage: items.sh DROVER ITEMS-BENCH}
dir=$(mktemp -d)
url=unix://$dir/redis.sock
pids=
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$dir"' EXIT
start() { "$@" >>"$dir/log" 2>&1 & pids="$pids $!"; last=$!; }
if [ "${EVERYSEC:-}" ]; then aof="--appendonly yes --appendfsync everysec"; else aof="--appendonly no"; fi
# shellcheck disable=SC2086
start redis-server --port 0 --unixsocket "$dir/redis.sock" --save '' $aof --dir "$dir" --loglevel warning
until redis-cli -s "$dir/redis.sock" ping >/dev/null 2>&1; do sleep 0.05; done
start "$drover" coordinator --redis "$url" --listen 127.0.0.1:0 --lease 3s
start "$bench" worker "$url" 1
start "$bench" worker "$url" 1
victim=$last
sleep 1

used() { redis-cli -s "$dir/redis.sock" info memory | sed -n 's/^used_memory:\([0-9]*\).*/\1/p'; }
cpu() { redis-cli -s "$dir/redis.sock" info cpu | sed -n 's/^used_cpu_user:\([0-9.]*\).*/\1/p'; }

echo "== indexes"
"$bench" indexes "$url" "${ITEMS:-20000000}" "${ROUNDS:-5}"
echo "== indexes, a worker killed and replaced in the middle"
"$bench" indexes "$url" "${ITEMS:-20000000}" 1 &
run=$!
sleep 1; kill -9 "$victim"; start "$bench" worker "$url" 1
wait "$run"
echo "== payload items of 64 bytes"
"$bench" payloads "$url" "${PAYLOADS:-1000000}" "${ROUNDS:-5}"
echo "== from submit to handler, idle"
"$bench" latency "$url" "${LATENCIES:-2000}"
echo "== 10^8 indexes"
before=$(used)
"$bench" indexes "$url" 100000000 1
echo "ledger: $(( ($(used) - before) / 1024 )) KiB more after it; redis cpu $(cpu) s in all"
