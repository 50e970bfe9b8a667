#!/bin/sh
# Compares `drover run` with xargs: the same 5,000 commands, two at a time, five rounds in turn. drover also records every outcome and keeps output.
# plain: one command per line. limits: a Job whose pods have limits of cpu and memory. mounts: an emptyDir and a read-only root. These two as root.
# Usage: bench/run.sh BINARY [plain|limits|mounts ...]   (the release build of drover; all three if none is named)
set -eu
binary=${1:?usage: run.sh BINARY [plain|limits|mounts ...]}
shift
[ $# -gt 0 ] || set -- plain limits mounts
items=${ITEMS:-5000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
seq "$items" >"$dir/items"
now() { date +%s%N; }
job() { # NAME CONTAINER_FIELDS POD_FIELDS
    cat >"$dir/$1.yaml" <<YAML
apiVersion: batch/v1
kind: Job
metadata: {name: $1}
spec:
  completions: $items
  parallelism: 2
  template:
    spec:
      restartPolicy: Never
      $3
      containers: [{name: main, image: busybox, command: [/bin/true], $2}]
YAML
}
job limits 'resources: {limits: {cpu: "1", memory: 64Mi}}' ''
job mounts 'securityContext: {readOnlyRootFilesystem: true}, volumeMounts: [{name: work, mountPath: /mnt}]' 'volumes: [{name: work, emptyDir: {}}]'
start() {
    case $1 in
    plain) "$binary" run -j 2 --items "$dir/items" --progress json -- /bin/true ;;
    *) "$binary" run -f "$dir/$1.yaml" --progress json ;;
    esac 2>"$dir/progress"
}
for kind in "$@"; do
    : >"$dir/ratios"
    for round in 1 2 3 4 5; do
        start=$(now); xargs -P 2 -n 1 /bin/true <"$dir/items"; middle=$(now)
        start "$kind"; end=$(now)
        grep -q "\"succeeded\":$items," "$dir/progress" || { echo "outcomes are missing"; exit 1; }
        awk -v n="$items" -v x=$((middle - start)) -v d=$((end - middle)) -v r="$kind $round" \
            'BEGIN { printf "%s: xargs %.0f/s, drover %.0f/s, ratio %.2f\n", r, n * 1e9 / x, n * 1e9 / d, x / d; print x / d >> "/dev/stderr" }' 2>>"$dir/ratios"
    done
    sort -n "$dir/ratios" | awk -v k="$kind" '{ r[NR] = $1 } END { printf "%s: ratio: median %.2f, spread %.2f..%.2f\n", k, r[3], r[1], r[5] }'
done
