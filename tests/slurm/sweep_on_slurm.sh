#!/usr/bin/env bash
# A sweep as a job array of a real Slurm: a one-node cluster is set up on this machine, one unit is killed with SIGKILL in mid-epoch,
# one is stopped by the signal that announces the time limit, one is cancelled. The first two must be requeued and go on from their
# checkpoints, the third must stay cancelled and be done by a second array; then the table and every weight must be those of the
# same trainings done by one process that was never stopped.
# Exit codes: 0 all well, 1 not, 77 skipped. As root, missing Debian packages (slurm-wlm, munge) are installed.
#
#   sweep_on_slurm.sh        SWEEP_PROGRAM a cudalandscape.dll
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
program=${SWEEP_PROGRAM:-$root/artifacts/bin/CudaLandscape.Experiments/release/cudalandscape.dll}
patience=300 # seconds for any one thing to happen
options=(--n 60 --test 30 --batch 4 --epochs 2 --activations sigmoid --variants plain,skip-sgd,skip-rand --seeds 1,2 --checkpoint-seconds 0)
export CUDALANDSCAPE_DEVICE=soft
unset CUDALANDSCAPE_DATA
# shellcheck source=tests/slurm/cluster.sh
. "$here/cluster.sh"

say() { printf '%s\n' "$*"; }
fail() {
    say "FAILED: $*"
    tail -n 15 "$work"/sweep/logs/*.txt 2> /dev/null || true
    exit 1
}

install_slurm() {
    if command -v sbatch slurmctld slurmd munged > /dev/null; then return; fi
    [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null || { say "skipped: no Slurm here (apt-get install ${slurm_packages[*]})"; exit 77; }
    export DEBIAN_FRONTEND=noninteractive
    local get=(apt-get install -y -q -o DPkg::Lock::Timeout=120 --no-install-recommends "${slurm_packages[@]}")
    "${get[@]}" > /dev/null 2>&1 || { apt-get update -q && "${get[@]}"; } > /dev/null 2>&1 \
        || { say "skipped: ${slurm_packages[*]} cannot be installed"; exit 77; }
}

# until_true WHAT COMMAND...: waits for it.
until_true() {
    local what=$1 end=$((SECONDS + patience))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || fail "after $patience s still not: $what"
        sleep 0.2
    done
}

cudalandscape() { dotnet "$program" "$@"; }
unit_name() { awk -v i="$1" '$1 == i { print $3 }' "$work/sweep/units.txt"; }
unit_folder() { echo "$work/sweep/runs/$(unit_name "$1")/units/$(unit_name "$1")"; }

# Two checkpoints: the first is of the start, the next of a step, of 15 in an epoch.
in_mid_epoch() { [ -f "$(unit_folder "$1")/prev.safetensors" ]; }

# job INDEX: the id of a task of the array; state ID, restarts ID: what Slurm says of it.
job() { squeue -h -r -t all -j "$array" -O ArrayTaskID:12,JobID:12 | awk -v i="$1" '$1 == i { print $2 }'; }
field() { scontrol show job "$1" | sed -nE "s/.*\b$2=([^ ]*).*/\1/p" | head -n 1; }
requeued() { [ "$(field "$1" Restarts)" -gt 0 ]; }
over() { [ -z "$(squeue -h -j "$1" 2> /dev/null)" ]; }

# submit: the units that are not done as an array, whose id is then in $array.
submit() {
    cudalandscape sweep slurm --plan "$work/sweep" --gpus 0 --cpus 1 > "$work/out" 2>&1
    array=$(sbatch --parsable "$work/sweep/sweep.sbatch")
}

# The program of a task, not the shell around it.
program_of() {
    local pid
    for pid in $(scontrol listpids "$1" 2> /dev/null | awk 'NR > 1 { print $1 }'); do
        if [ "$(cat "/proc/$pid/comm" 2> /dev/null)" = dotnet ]; then echo "$pid"; fi
    done
}

# Hash of the tensors' bytes of a checkpoint; its header holds times.
payload() { tail -c +$((9 + $(od -An -t u8 -N 8 "$1"))) "$1" | sha256sum | cut -d' ' -f1; }

# What the trainings ended with under a folder, but for times: unit, weights and optimizer state, losses.
outcome() {
    find "$1" -path '*/units/*/last.safetensors' | while read -r file; do
        echo "$(basename "$(dirname "$file")") $(payload "$file") $(cut -d, -f1,2 "$(dirname "$file")/epochs.csv" | sha256sum)"
    done | sort
}

undisturbed() {
    cudalandscape iclr19-table1 "${options[@]}" --out "$work/whole" > "$work/out" 2> "$work/err" || fail 'the undisturbed run'
    [ "$(outcome "$work/whole" | wc -l)" -eq 5 ] || fail 'the undisturbed run has not 5 units'
}

disturbed() {
    local killed stopped cancelled
    cudalandscape sweep plan --nets cnn13 "${options[@]}" --out "$work/sweep" > "$work/out" 2> "$work/err"
    submit
    say "array job $array of $(wc -l < "$work/sweep/units.txt") units"

    until_true 'unit 0 is in mid-epoch' in_mid_epoch 0
    killed=$(job 0)
    kill -KILL "$(program_of "$killed")"
    until_true 'unit 1 is in mid-epoch' in_mid_epoch 1
    stopped=$(job 1)
    timeout 3 scancel --batch --signal=USR1 "$stopped" || true # Slurm 22.05 sends it, says that it could not, and tries again
    until_true 'unit 2 is in mid-epoch' in_mid_epoch 2
    cancelled=$(job 2)
    scancel "$cancelled"
    until_true 'the killed unit is requeued' requeued "$killed"
    say 'unit 0: killed with SIGKILL in mid-epoch, requeued'
    until_true 'the stopped unit is requeued' requeued "$stopped"
    say 'unit 1: stopped by SIGUSR1 in mid-epoch, requeued'
    until_true 'the array ends' over "$array"
    [ "$(field "$cancelled" JobState)" = CANCELLED ] && [ "$(field "$cancelled" Restarts)" -eq 0 ] || fail 'the cancelled unit was requeued'
    say 'unit 2: cancelled, not requeued'
}

went_on() { grep -Eq "$(unit_name "$1"): going on from a checkpoint: epoch 1, sample [1-9]" "$work/sweep/logs/unit_$1.txt"; }

collected() {
    cudalandscape sweep collect --plan "$work/sweep" > "$work/out" 2> "$work/err" || fail "sweep collect: $(cat "$work/err")"
    grep -q "$1" "$work/err" || fail "sweep collect says: $(tail -n 1 "$work/err"); expected: $1"
}

work=$(mktemp -d)
[ -f "$program" ] || { say "$program is not built"; exit 1; }
install_slurm
[ "$(id -u)" -eq 0 ] || { say 'skipped: slurmd needs root'; exit 77; }
trap 'stop_cluster "$work/cluster"; rm -rf "$work"' EXIT
start_cluster "$work/cluster" 2
undisturbed
disturbed
went_on 0 || fail 'the killed unit did not go on from a checkpoint in mid-epoch'
went_on 1 || fail 'the stopped unit did not go on from a checkpoint in mid-epoch'
collected '4 of 5 units done, 5 begun'
submit
until_true 'the second array ends' over "$array"
went_on 2 || fail 'the cancelled unit did not go on from a checkpoint in mid-epoch'
collected '5 of 5 units done'
diff "$work"/whole/*/table.md "$work/sweep/iclr19-table1/table.md" || fail 'the table differs'
diff <(outcome "$work/whole") <(outcome "$work/sweep") || fail 'weights or losses differ'
say "run: 5 units by Slurm $(sinfo --version | cut -d' ' -f2), one killed, one stopped, one cancelled: table and bits of an undisturbed run"
