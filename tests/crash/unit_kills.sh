#!/usr/bin/env bash
# Kills a unit of a sweep, a network with skip connections, with SIGKILL at 20 random moments; done again each time by the same command
# it must end with the bits of one that was never killed. Exit codes: 0 all well, 1 not.
#
#   unit_kills.sh [KILLS]     CRASH_SEED chooses the moments, CRASH_PROGRAM a cudalandscape.dll
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
program=${CRASH_PROGRAM:-$root/artifacts/bin/CudaLandscape.Experiments/release/cudalandscape.dll}
kills=${1:-20}
options=(--nets cnn13 --n 60 --test 10 --batch 4 --epochs 1 --activations sigmoid --variants skip-sgd --seeds 1 --checkpoint-seconds 0)
RANDOM=${CRASH_SEED:-1}
export CUDALANDSCAPE_DEVICE=soft
unset CUDALANDSCAPE_DATA
# shellcheck source=tests/crash/outcome.sh
. "$here/outcome.sh"

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; tail -n 20 "$work/err"; exit 1; }

[ -f "$program" ] || { say "$program is not built"; exit 1; }
work=$(mktemp -d)
child=
trap '[ -z "$child" ] || kill -KILL "$child" 2> /dev/null || true; rm -rf "$work"' EXIT

plan() { dotnet "$program" sweep plan --out "$work/$1" "${options[@]}" > "$work/out" 2> "$work/err" || fail "planning answers $?"; }
command=(dotnet "$program" sweep one --index 0 --plan)
unit() { "${command[@]}" "$work/$1" > "$work/out" 2> "$work/err" < /dev/null; }

# One start of the unit that is killed after some milliseconds, unless it is faster; its exit code is in rc.
killed_after() {
    "${command[@]}" "$work/$1" > "$work/out" 2> "$work/err" < /dev/null &
    child=$!
    sleep "$(awk "BEGIN { print $2 / 1000 }")"
    kill -KILL "$child" 2> /dev/null || true
    rc=0
    wait "$child" 2> /dev/null || rc=$?
    child=
}

plan whole
begin=$(date +%s%N)
unit whole || fail "the whole unit answers $?"
milliseconds=$((($(date +%s%N) - begin) / 1000000))
expected=$(unit_outcomes "$work/whole")

count=0 sweeps=0
while [ $count -lt "$kills" ]; do
    name=killed-$((sweeps += 1))
    plan "$name"
    rc=137
    while [ $rc -eq 137 ] && [ $count -lt "$kills" ]; do
        killed_after "$name" $((RANDOM * milliseconds / 32768))
        [ $rc -ne 137 ] || count=$((count + 1))
    done
    [ $rc -eq 137 ] || [ $rc -eq 0 ] || fail "after $count kills the unit answers $rc"
    unit "$name" || fail "after $count kills the unit answers $?"
    [ "$(unit_outcomes "$work/$name")" = "$expected" ] || fail "after $count kills the unit ends with other bits"
done
say "run: $count kills of a skip unit at random moments within $milliseconds ms, $sweeps trainings: all end with the same bits"
