#!/usr/bin/env bash
# Checks CudaLandscape on a Linux machine with an NVIDIA GPU and nvcc (CUDA 12 or 13), without .NET and without a network.
# It lies in the root of the bundle that `./build.sh bundle` makes; unpack that anywhere and start it:
#
#   gpu-check.sh [all|fatbin|doctor|suite|sanitize|ceilings|bench|ratios|rank|table2] [--soft]
#
#   fatbin     the kernels, by this machine's nvcc for this machine's GPUs                              180 thousandths of the time
#   doctor     the libraries and devices found, and one kernel                                           30
#   suite      every test project                                            360, and what is left over so far
#   sanitize   every op under compute-sanitizer's four tools until the time is up; in `all` only where it is found  90
#   ceilings   copy, matrix products, factorisations, launches: what the device does at best             60
#   bench      every op beside those ceilings, and epochs of MNIST's size                                60
#   ratios     beside PyTorch, one script after the other until the time is up; in `all` only where it is found  90
#   rank       ranks of the features of random weights; on a GPU N = 60000, T1 = 10, 50, 100, as far as the time goes  60
#   table2     the quick preset of the experiment, with the bundle's MNIST where it has it                70, and what is left over
#   --soft     on softcuda, small: no GPU and no nvcc needed, no fatbin; this is how CI runs it
#
# Writes results/results.json, results/results.md and results/logs/ beside itself (or in GPU_CHECK_RESULTS). At most 9 minutes
# (GPU_CHECK_SECONDS), divided among the parts; a part that is asked for alone has them all. Every part is tried; a part that
# executed nothing has failed. The exit code is 0 when all passed, 1 when a part failed, 2 for wrong arguments.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
usage() { sed -n '5,17s/^# \{0,1\}//p' "$here/gpu-check.sh" >&2; exit 2; }

what='' soft=no
for argument; do
    case $argument in
        --soft) soft=yes ;;
        all | fatbin | doctor | suite | sanitize | ceilings | bench | ratios | rank | table2) [ -z "$what" ] || usage; what=$argument ;;
        *) usage ;;
    esac
done
[ $soft = no ] || [ "$what" != fatbin ] || usage

results=${GPU_CHECK_RESULTS:-$here/results}
mkdir -p "$results"
results=$(cd "$results" && pwd -P)
logs=$results/logs
rm -rf "$logs" "$results/results.json" "$results/results.md"
mkdir -p "$logs"

. "$here/benchmarks/gpu-check/tools.sh"

total=${GPU_CHECK_SECONDS:-540}
# Thousandths of all time.
declare -A share=([fatbin]=180 [doctor]=30 [suite]=360 [sanitize]=90 [ceilings]=60 [bench]=60 [ratios]=90 [rank]=60 [table2]=70)

parts=(${what:-all})
if [ "${parts[0]}" = all ]; then
    parts=(fatbin doctor suite)
    [ -z "$sanitizer" ] || parts+=(sanitize)
    parts+=(ceilings bench)
    ! has_torch || parts+=(ratios)
    parts+=(rank table2)
fi
if [ $soft = yes ] && [ "${parts[0]}" = fatbin ]; then parts=("${parts[@]:1}"); fi

started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
SECONDS=0

# give SHARE [KEEP]: sets budget to SHARE thousandths of all time, or what is left less KEEP thousandths for later parts. A part
# that is alone has all of it.
give() {
    local left=$((total - 8 - SECONDS - total * ${2:-0} / 1000))
    budget=$((total * $1 / 1000))
    [ ${#parts[@]} -gt 1 ] || budget=$((total * $1 / share[${parts[0]}]))
    [ $budget -le $left ] || budget=$left
    [ $budget -ge 1 ] || budget=1
}

# Each part sets these; projects is for the suite's lines.
declare -A code seconds budgets clocks executed passed failed skipped note
projects=()

why() { case $1 in 124 | 137) echo "out of time (${budget} s)" ;; *) echo "exit code $1" ;; esac; }

. "$here/benchmarks/gpu-check/tests.sh"
. "$here/benchmarks/gpu-check/measurements.sh"

wrong=0
for part in "${parts[@]}"; do
    echo "$part ..."
    code[$part]=0 executed[$part]=0 passed[$part]=0 failed[$part]=0 skipped[$part]=0 note[$part]=''
    begin=$SECONDS
    # errexit is off inside a function called with ||; each part looks at its own exit codes.
    "part_$part" || code[$part]=$?
    clocks[$part]=$(smi clocks.sm,clocks.max.sm,clocks.mem) # while it is still warm
    seconds[$part]=$((SECONDS - begin)) budgets[$part]=$((${#parts[@]} > 1 ? total * share[$part] / 1000 : total))
    if [ "${executed[$part]}" -eq 0 ] && [ "${code[$part]}" -eq 0 ]; then code[$part]=1; fi
    if [ "${executed[$part]}" -eq 0 ]; then note[$part]="${note[$part]:+${note[$part]}; }nothing was executed"; fi
    if [ "${failed[$part]}" -gt 0 ] && [ "${code[$part]}" -eq 0 ]; then code[$part]=1; fi
    [ "${code[$part]}" -eq 0 ] || wrong=1
    printf '%s: %s, %d executed, %d passed, %d failed, %d skipped, %d s%s\n' "$part" \
        "$([ "${code[$part]}" -eq 0 ] && echo ok || echo FAILED)" "${executed[$part]}" "${passed[$part]}" "${failed[$part]}" \
        "${skipped[$part]}" "${seconds[$part]}" "${note[$part]:+ (${note[$part]})}"
done
seconds_all=$SECONDS

. "$here/benchmarks/gpu-check/report.sh"
write_json > "$results/results.json"
write_markdown > "$results/results.md"
echo "$([ $wrong -eq 0 ] && echo passed || echo FAILED) in $seconds_all s: $results/results.md"
exit $wrong
