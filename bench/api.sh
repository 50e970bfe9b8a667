#!/bin/sh
# What lists and watches cost at scale: JOBS Jobs of PODS pods each, placed for an agent outside that never comes, on a Redis and a
# coordinator of its own. Per list the time to its first byte (the server writes an answer once it is whole), as median and spread of
# ROUNDS in ms, its share of the same answer's JSON objects, and its bytes. Then, over SECONDS_IDLE, what WATCHES open watches cost while
# nothing happens: CPU of the server in ms per second, Redis' commands per second (no polling: a handful), and memory in MiB.
# Usage: bench/api.sh DROVER   (the release build); JOBS=1000 PODS=10 WATCHES=200 ROUNDS=7 SECONDS_IDLE=20
set -eu
drover=${1:?usage: api.sh DROVER}
jobs=${JOBS:-1000} pods=${PODS:-10} watches=${WATCHES:-200} rounds=${ROUNDS:-7} seconds=${SECONDS_IDLE:-20}
dir=$(mktemp -d)
sock="$dir/redis.sock"
redis-server --port 0 --unixsocket "$sock" --save '' --appendonly no --dir "$dir" --loglevel warning >"$dir/log" &
server=$!
coordinator= watching=
trap 'kill $watching $coordinator "$server" 2>/dev/null || true; wait || true; rm -rf "$dir"' EXIT
until redis-cli -s "$sock" ping >/dev/null 2>&1; do sleep 0.05; done
port=$((20000 + $$ % 20000))
"$drover" coordinator --redis "unix://$sock" --listen "127.0.0.1:$port" --log-level info >"$dir/out" 2>"$dir/err" &
coordinator=$!
until grep -q leading "$dir/err"; do sleep 0.05; done
url="http://127.0.0.1:$port"
jobs_path=/apis/batch/v1/namespaces/default/jobs pods_path=/api/v1/namespaces/default/pods

awk -v n="$jobs" -v p="$pods" -v url="$url$jobs_path" 'BEGIN {
    for (i = 0; i < n; i++) {
        if (i) print "next"
        printf "url = \"%s\"\nsilent\noutput = \"/dev/null\"\nheader = \"Content-Type: application/json\"\n", url
        printf "data = \"{\\\"apiVersion\\\":\\\"batch/v1\\\",\\\"kind\\\":\\\"Job\\\",\\\"metadata\\\":{\\\"name\\\":\\\"bench-%04d\\\"},", i
        printf "\\\"spec\\\":{\\\"parallelism\\\":%d,\\\"completions\\\":%d,\\\"template\\\":{\\\"spec\\\":{\\\"schedulerName\\\":\\\"bench\\\",", p, p
        printf "\\\"restartPolicy\\\":\\\"Never\\\",\\\"containers\\\":[{\\\"name\\\":\\\"c\\\",\\\"image\\\":\\\"busybox\\\",\\\"command\\\":[\\\"true\\\"]}]}}}}\"\n"
    }
}' >"$dir/create"
now() { date +%s%N; }
start=$(now); curl -K "$dir/create"; created=$(now)
until [ "$(redis-cli -s "$sock" zcard 'drover:{drover}:pods')" -ge $((jobs * pods)) ]; do sleep 0.2; done
awk -v n="$jobs" -v p=$((jobs * pods)) -v c=$((created - start)) -v a=$(($(now) - start)) \
    'BEGIN { printf "%d Jobs created in %.1f s (%.0f/s), their %d pods stood after %.1f s\n", n, c / 1e9, n * 1e9 / c, p, a / 1e9 }'
sleep 2

table='application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
list() {
    for _ in $(seq "$rounds"); do curl -s -o "$dir/answer" -w '%{http_code} %{time_starttransfer} %{size_download}\n' -H "Accept: $3" "$url$2"; done >"$dir/times"
    grep -qv '^200 ' "$dir/times" && { echo "$1: not answered with 200"; exit 1; }
    sort -n -k2 "$dir/times" | awk -v what="$1" '{ t[NR] = $2 * 1000; b = $3 } END {
        printf "%-28s median %7.1f ms, spread %7.1f..%7.1f, %9d bytes\n", what, t[int((NR + 1) / 2)], t[1], t[NR], b }'
}
list 'GET jobs, objects' "$jobs_path" application/json
list 'GET jobs, Table' "$jobs_path" "$table"
list 'GET jobs?limit=500, Table' "$jobs_path?limit=500" "$table"
list 'GET pods, objects' "$pods_path" application/json
list 'GET pods, Table' "$pods_path" "$table"
list 'GET pods?limit=500, Table' "$pods_path?limit=500" "$table"
list 'GET /metrics' /metrics text/plain

commands() { redis-cli -s "$sock" info stats | awk -F: '/^total_commands_processed/ { print $2 + 0 }'; }
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$coordinator/stat"; }
memory() { awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$coordinator/status"; }
idle() {
    c=$(commands) t=$(ticks); sleep "$seconds"
    awk -v what="$1" -v c=$(($(commands) - c - 1)) -v t=$(($(ticks) - t)) -v s="$seconds" -v hz="$(getconf CLK_TCK)" -v m="$(memory)" \
        'BEGIN { printf "%-28s CPU %6.1f ms/s, Redis %6.1f commands/s, memory %d MiB\n", what, t * 1000 / hz / s, c / s, m }'
}
idle 'idle, no watch'
for at in $(seq "$watches"); do
    [ $((at % 2)) = 0 ] && path=$jobs_path || path=$pods_path
    printf 'url = "%s%s?watch=true&resourceVersion=%s"\noutput = "/dev/null"\n' "$url" "$path" "$(redis-cli -s "$sock" get 'drover:{drover}:rv')"
done >"$dir/watch"
curl -sN --parallel --parallel-immediate --parallel-max 300 -K "$dir/watch" 2>"$dir/curl" &
watching=$!
until curl -s "$url/metrics" | grep -q "apiserver_longrunning_requests{verb=\"watch\"} $watches"; do sleep 0.5; done
sleep 2
idle "idle, $watches watches"
