#!/usr/bin/env bash
# Ends the program where it hurts most and checks that the run, started again by the same command, ends with the bits of one
# that was never stopped: SIGKILL at every fsync, rename, truncation and file write of a short run (by strace), errors of the
# disk from some of these calls on, and SIGKILL at random moments. Exit codes: 0 all well, 1 not, 77 skipped, no strace.
#
#   crash_sweep.sh [RANDOM_KILLS]     200 unless given; CRASH_SEED chooses the moments, CRASH_PROGRAM a cudalandscape.dll
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
program=${CRASH_PROGRAM:-$root/artifacts/bin/CudaLandscape.Experiments/release/cudalandscape.dll}
random_kills=${1:-200}
patience=120 # seconds for one start of the program
starts=0
RANDOM=${CRASH_SEED:-1}
unset CUDALANDSCAPE_DATA

# shellcheck source=tests/crash/outcome.sh
. "$root/tests/crash/outcome.sh"

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; [ ! -f "$work/err" ] || tail -n 20 "$work/err"; exit 1; }

command -v strace > /dev/null || { say 'skipped: strace is not here (apt-get install strace)'; exit 77; }
[ -f "$program" ] || { say "$program is not built"; exit 1; }
work=$(mktemp -d)
child=
trap '[ -z "$child" ] || kill -KILL "$child" 2> /dev/null || true; rm -rf "$work"' EXIT

# start FOLDER EPOCHS [COMMAND PREFIX...]: one start of the program; its exit code is in rc.
start() {
    local folder=$1 epochs=$2
    shift 2
    rc=0 starts=$((starts + 1))
    # The braces keep the shell's own word on a killed child off the screen.
    {
        timeout -s KILL $patience "$@" dotnet "$program" table2 --n 16 --t1 1 --epochs "$epochs" --batch 8 --features f64 \
            --checkpoint-seconds 0 --out "$folder" > "$work/out" 2> "$work/err" < /dev/null || rc=$?
    } 2> /dev/null
}

run_folder() { dirname "$(ls "$1"/*/run.json)"; }

# What a finished run ended with, but for times: weights and optimizer state, losses, metrics.
outcome() {
    local run
    run=$(run_folder "$1")
    payload "$run/rows/variance_t1-1/last.safetensors"
    cut -d, -f1,2 "$run/rows/variance_t1-1/epochs.csv"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) keep[i] = $i !~ /_seconds$/ }
        { for (i = 1; i <= NF; i++) if (keep[i]) printf "%s,", $i; print "" }' "$run/metrics.csv"
}

# finish FOLDER EPOCHS WHAT: the same command again, which must end well and with the outcome of the whole run.
finish() {
    start "$1" "$2"
    [ $rc -eq 0 ] || fail "$3: started again, the program answers $rc"
    [ "$(outcome "$1")" = "$(outcome "$work/whole-$2")" ] || fail "$3: started again, the run ends with other bits"
}

# calls NAME: how often the main thread of a short run makes a system call.
calls() { grep -c "^$main_thread .*\b$1(" "$work/calls" || true; }

whole_runs() {
    start "$work/whole-1" 1 strace -f --seccomp-bpf -qq -e trace=fsync,rename,ftruncate,pwrite64 -o "$work/calls"
    [ $rc -eq 0 ] || fail "the whole run answers $rc"
    main_thread=$(grep -m1 'rename(' "$work/calls" | cut -d' ' -f1)
    start "$work/whole-$random_epochs" "$random_epochs"
    [ $rc -eq 0 ] || fail "the long run answers $rc"
}

kill_at_calls() {
    local call n count killed
    for call in fsync rename ftruncate pwrite64; do
        count=$(calls "$call") killed=0
        for ((n = 1; n <= count; n++)); do
            start "$work/killed" 1 strace -f -qq -e "trace=$call" -e "inject=$call:signal=KILL:when=$n" -o /dev/null
            [ $rc -eq 0 ] || killed=$((killed + 1))
            finish "$work/killed" 1 "killed at $call $n"
            rm -rf "$work/killed"
        done
        [ "$killed" -gt 0 ] || fail "no call of $call could be killed"
        say "killed at $killed of $count calls of $call: all runs end with the same bits"
    done
}

# From some call on every one fails: the program names the file and the error, and what was saved is still good.
fail_from_calls() {
    local call=$1 error=$2 text=$3 n count told=0 stopped=0
    count=$(calls "$call")
    for ((n = 1; n <= count; n += 1 + count / 12)); do
        start "$work/failed" 1 strace -f -qq -e "trace=$call" -e "inject=$call:error=$error:when=$n+" -o /dev/null
        if [ $rc -ne 0 ]; then
            stopped=$((stopped + 1))
            [ $rc -eq 2 ] || fail "$error from $call $n on: the program answers $rc, not 2"
            ! grep -q 'defect of the program' "$work/err" || fail "$error from $call $n on is reported as a defect"
            if grep '^error: ' "$work/err" | grep -F "$work/failed" | grep -qF "$text"; then told=$((told + 1)); fi
        fi
        if ls "$work/failed"/*/run.json > /dev/null 2>&1; then finish "$work/failed" 1 "$error from $call $n on"; fi
        rm -rf "$work/failed"
    done
    [ "$told" -eq "$stopped" ] && [ "$stopped" -gt 0 ] || fail "$error at $call: $told of $stopped failures name file and error"
    say "$error from $stopped places of $call on: every message names the file, and the runs end with the same bits"
}

kill_at_random() {
    local kills=0 runs=0 milliseconds=$1
    while [ $kills -lt "$random_kills" ]; do
        dotnet "$program" table2 --n 16 --t1 1 --epochs "$random_epochs" --batch 8 --features f64 --checkpoint-seconds 0 \
            --out "$work/random" > "$work/out" 2> "$work/err" < /dev/null &
        child=$!
        sleep "$(awk "BEGIN { print $RANDOM / 32768 * $milliseconds / 1000 }")"
        if kill -KILL "$child" 2> /dev/null; then kills=$((kills + 1)); fi
        rc=0
        wait "$child" 2> /dev/null || rc=$?
        child=
        [ $rc -eq 137 ] || [ $rc -eq 0 ] || fail "after $kills random kills the program answers $rc"
        [ $rc -eq 0 ] || [ $((kills % 10)) -eq 0 ] || continue
        finish "$work/random" "$random_epochs" "after $kills random kills"
        runs=$((runs + 1))
        rm -rf "$work/random"
    done
    say "$kills kills at random moments in $runs runs: all end with the same bits"
}

random_epochs=20
whole_runs
begin=$(date +%s%N)
start "$work/timed" "$random_epochs"
milliseconds=$((($(date +%s%N) - begin) / 1000000))
rm -rf "$work/timed"
[ "$milliseconds" -lt 4000 ] || milliseconds=4000 # on a busy machine; every kill leaves the run further on, so all of it is reached
say "random moments are within $milliseconds ms of the start"
kill_at_calls
fail_from_calls pwrite64 ENOSPC 'No space left on device'
fail_from_calls fsync EIO 'Input/output error'
fail_from_calls rename EROFS 'Read-only file system'
kill_at_random "$milliseconds"
say "run: $starts starts of the program, all runs ended with the same bits"
