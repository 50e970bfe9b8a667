#!/bin/sh
# Runs the simulation: coordinators and workers on virtual time over a store that is made to fail, with the invariants checked after every
# step. A seed that breaks one is shrunk and shown, with the line that repeats it.
# Usage: bench/simulate.sh [--seeds N | --seconds S] [--from SEED] [--redis]   (--redis: the real scripts on a redis-server of its own)
#        bench/simulate.sh --seed SEED [--keep 1,4,7] [--quiet] [--redis] [--trace]   (one seed, of its events those alone, without noise)
set -eu
cd "$(dirname "$0")/.."
swift build -c release --product simulate >&2
exec .build/release/simulate "$@"
