#!/usr/bin/env bash
# The same no-op work on other programs and on drover, in turn, round by round, with the ratios of their rates:
#   processes: xargs -P 2, GNU parallel -j 2 and `drover run -j 2` run /bin/true
#   payloads: two Sidekiq processes, a bare Redis list (256 items a call, one client) and `drover bench` take items of 64 bytes that were pushed before
#   Python: Celery - its pools `prefork`, `threads` and `solo`, no results, many tasks prefetched - and `drover bench --workload stream`
# Peers are taken from Debian (parallel, ruby-sidekiq) and PyPI (celery, into a folder that goes); those that can't be installed are named and passed over.
# Usage: bench/peers.sh BINARY   (the release build of drover); ROUNDS=5; EVERYSEC=1 runs every Redis with appendfsync everysec
set -euo pipefail
binary=$(realpath "${1:?usage: peers.sh BINARY}")
here=$(realpath "$(dirname "$0")")
rounds=${ROUNDS:-5}
dir=$(mktemp -d)
socket=$dir/redis.sock
pids=()
# shellcheck disable=SC2317
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$dir"
}
trap finish EXIT
. "$here/../deploy/packages"

has() { [ -e "$dir/has-$1" ]; }
peer() { local name=$1; shift; if "$@" >"$dir/install.log" 2>&1; then : >"$dir/has-$name"; else echo "$name can't be installed here: passed over" >&2; fi; }
install_celery() { need python3-venv; python3 -m venv "$dir/venv" && "$dir/venv/bin/pip" install -q celery redis packaging; }
peer parallel need parallel
peer sidekiq need ruby-sidekiq
peer celery install_celery
need redis-server redis-tools

aof=no mode=off
if [ "${EVERYSEC:-}" ]; then aof=yes mode=everysec; fi
redis-server --port 0 --unixsocket "$socket" --save '' --appendonly $aof --appendfsync everysec --dir "$dir" --loglevel warning >"$dir/redis.log" &
pids+=($!)
until redis-cli -s "$socket" ping >/dev/null 2>&1; do sleep 0.05; done

redis() { redis-cli -s "$socket" "$@" >/dev/null; }
now() { date +%s%N; }
# note NAME ITEMS START END: a rate of this round.
note() { awk -v n="$2" -v s="$3" -v e="$4" -v name="$1" 'BEGIN { printf "%s %.0f\n", name, n * 1e9 / (e - s) }' | tee -a "$dir/rates" | sed 's/^/  /; s/$/ items\/s/'; }
# drained SCRIPT 0: waits until a script says 0, looking 100 times a second, by one process; two minutes at most.
drained() { while read -r left; do [ "$left" = 0 ] && return 0; done < <(stdbuf -oL redis-cli -s "$socket" -r 12000 -i 0.01 eval "$@"); return 1; }
# bench ARGS...: one round of drover bench; figure NAME MEMBER: one of its figures.
bench() { "$binary" bench --rounds 1 --json --progress none --latency-samples 0 --aof $mode "$@" >"$dir/bench"; }
figure() { sed -n "s/.*\"$2\":{[^}]*\"median\":\([0-9]*\).*/$1 \1/p" "$dir/bench" | tee -a "$dir/rates" | sed 's/^/  /; s/$/ items\/s/'; }

processes() {
    local n=${PROCESSES:-3000} start
    [ -e "$dir/items" ] || seq "$n" >"$dir/items"
    start=$(now); xargs -P 2 -n 1 /bin/true <"$dir/items"; note xargs "$n" "$start" "$(now)"
    if has parallel; then start=$(now); parallel -j 2 /bin/true <"$dir/items" 2>/dev/null; note parallel "$n" "$start" "$(now)"; fi
    start=$(now); "$binary" run -j 2 --progress none --items "$dir/items" -- /bin/true; note drover-run "$n" "$start" "$(now)"
}

# Jobs wait under another name until all are there.
sidekiq_peer() {
    local n=${SIDEKIQ:-40000} start workers=()
    for _ in 1 2; do
        REDIS_URL=unix://$socket sidekiq -q default -c 5 -r "$here/peers/noop.rb" >>"$dir/sidekiq.log" 2>&1 &
        workers+=($!); pids+=($!)
    done
    REDIS_URL=unix://$socket ruby "$here/peers/push.rb" "$n" | tee -a "$dir/rates" | sed 's/^/  /; s/$/ items\/s/'
    drained "return #redis.call('smembers', 'processes') - 2" 0
    start=$(now); redis rename hold queue:default
    drained "return redis.call('llen', 'queue:default')" 0; note sidekiq "$n" "$start" "$(now)"
    kill "${workers[@]}"; wait "${workers[@]}" || true
}

raw() {
    local batch=() calls=${RAW:-4000} rate
    for _ in $(seq 256); do batch+=("$(printf '%064d' 0)"); done
    for what in push pop; do
        if [ $what = push ]; then set -- LPUSH raw "${batch[@]}"; else set -- LMPOP 1 raw RIGHT COUNT 256; fi
        rate=$(redis-benchmark -s "$socket" -c 1 -n "$calls" -q "$@" | tr '\r' '\n' | grep -o '[0-9.]* requests per second' | tail -1 | cut -d ' ' -f 1)
        note "raw-$what" "$((calls * 256))" 0 "$(awk -v r="$rate" -v n="$calls" 'BEGIN { printf "%.0f", n / r * 1e9 }')"
    done
    redis del raw
}

celery_peer() {
    local pool=$1 n=${CELERY:-5000} start workers=() arguments=(-P "$1" -c 2) copies=1
    if [ "$pool" = solo ]; then copies=2 arguments=(-P solo); fi
    (cd "$here/peers" && BROKER=redis+socket://$socket "$dir/venv/bin/python" -c "import tasks; tasks.push($n)")
    redis rename celery hold
    for copy in $(seq $copies); do
        (cd "$here/peers" && BROKER=redis+socket://$socket PYTHONDONTWRITEBYTECODE=1 READY=$dir/ready-$pool$copy exec "$dir/venv/bin/celery" -A tasks worker "${arguments[@]}" \
            -n "$pool$copy" -l error --prefetch-multiplier 500 --without-gossip --without-mingle --without-heartbeat >>"$dir/celery.log" 2>&1) &
        workers+=($!); pids+=($!)
    done
    for copy in $(seq $copies); do until [ -e "$dir/ready-$pool$copy" ]; do sleep 0.1; done; rm "$dir/ready-$pool$copy"; done
    start=$(now); redis rename hold celery
    drained "return redis.call('llen', 'celery') + redis.call('hlen', 'unacked')" 0; note "celery-$pool" "$n" "$start" "$(now)"
    kill "${workers[@]}"; wait "${workers[@]}" || true
}

for round in $(seq "$rounds"); do
    echo "round $round"
    processes
    if has sidekiq; then sidekiq_peer; fi
    raw
    bench --payload 64; figure drover-payloads items_per_s; figure drover-push push_per_s
    if has celery; then for pool in prefork threads solo; do celery_peer $pool; done; fi
    bench --workload stream --workers 1 --slots 2; figure drover-stream items_per_s
done
awk -f "$here/peers/ratios.awk" "$dir/rates"
