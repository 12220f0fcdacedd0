#!/usr/bin/env bash
# Checks CudaLandscape on a Linux machine with an NVIDIA GPU and nvcc (CUDA 12 or 13), without .NET and without a network.
# It lies in the root of the bundle that `./build.sh bundle` makes; unpack that anywhere and start it:
#
#   gpu-check.sh [all|fatbin|doctor|suite|sanitize|ceilings|bench|ratios|rank|table2] [--soft]
#
#   fatbin     the kernels, by this machine's nvcc for this machine's GPUs                              180 thousandths of the time
#   doctor     the libraries and devices found, and one kernel                                           30
#   suite      every test project                                            360, and what is left over so far
#   sanitize   every op under compute-sanitizer's four tools; in `all` only where it is found and has a minute for each  90
#   ceilings   copy, matrix products, factorisations, launches: what the device does at best             60
#   bench      every op beside those ceilings, and epochs of MNIST's size                                60
#   ratios     beside PyTorch, one script after the other until the time is up; in `all` only where it is found  90
#   rank       ranks of the features of random weights; on a GPU N = 60000, T1 = 10 and 50, and 100 if there are 3 minutes  60
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
first_existing() { local path; for path; do [ ! -f "$path" ] || { echo "$path"; return; }; done; }
first_of() { local path; for path; do [ ! -x "$path" ] || { echo "$path"; return; }; done; }
sanitizer=$(command -v compute-sanitizer || first_of "${CUDA_PATH:+$CUDA_PATH/bin/compute-sanitizer}" /usr/local/cuda/bin/compute-sanitizer)
[ $soft = no ] || sanitizer=
nvcc=$(command -v nvcc || first_of "${CUDA_PATH:+$CUDA_PATH/bin/nvcc}" "${CUDA_HOME:+$CUDA_HOME/bin/nvcc}" /usr/local/cuda/bin/nvcc)
python=$(command -v python3 || true)
[ -z "$python" ] || python=$("$python" -c 'import sys; print(sys.executable)' 2>/dev/null || echo "$python")
has_torch() { [ -n "$python" ] && "$python" -c 'import importlib.util as u, sys; sys.exit(u.find_spec("torch") is None)' 2>/dev/null; }

total=${GPU_CHECK_SECONDS:-540}
# Thousandths of all time.
declare -A share=([fatbin]=180 [doctor]=30 [suite]=360 [sanitize]=90 [ceilings]=60 [bench]=60 [ratios]=90 [rank]=60 [table2]=70)

parts=(${what:-all})
if [ "${parts[0]}" = all ]; then
    parts=(fatbin doctor suite)
    [ -z "$sanitizer" ] || [ $((total * share[sanitize] / 4000)) -lt 60 ] || parts+=(sanitize)
    parts+=(ceilings bench)
    ! has_torch || parts+=(ratios)
    parts+=(rank table2)
fi
if [ $soft = yes ]; then
    [ "$what" != fatbin ] || usage
    [ "${parts[0]}" != fatbin ] || parts=("${parts[@]:1}")
fi

results=${GPU_CHECK_RESULTS:-$here/results}
mkdir -p "$results"
results=$(cd "$results" && pwd -P)
logs=$results/logs
rm -rf "$logs" "$results/results.json" "$results/results.md"
mkdir -p "$logs"
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
SECONDS=0

# ---- the surroundings ---------------------------------------------------------------------------------------------------

dotnet=$here/dotnet/dotnet
export DOTNET_ROOT=$here/dotnet PATH=$here/dotnet:$PATH
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -d "${HOME:-/nonexistent}" ] && [ -w "$HOME" ] || { export HOME=$results/home; mkdir -p "$HOME"; }

# What softcuda is linked with; and OpenSSL, which .NET needs for its hashes, where the machine has none.
libraries=$here/lib
has_openssl() { { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -qE 'libssl\.so\.(3|1\.1)'; }
has_openssl || libraries+=:$here/lib/openssl
run_dotnet() { LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} timeout -k 5 "$budget" "$dotnet" "$@"; }

kernels=$results/kernels.fatbin
if [ $soft = yes ]; then
    export CUDALANDSCAPE_DEVICE=soft
else
    export CUDALANDSCAPE_DEVICE=${CUDALANDSCAPE_DEVICE:-cuda:0}
    export CUDALANDSCAPE_KERNELS=${CUDALANDSCAPE_KERNELS:-$kernels}
    [ -z "$python" ] || export CUDALANDSCAPE_PYTHON=${CUDALANDSCAPE_PYTHON:-$python}
fi
if [ -d "$here/data/mnist" ]; then export CUDALANDSCAPE_DATA=${CUDALANDSCAPE_DATA:-$here/data/mnist}; fi

# ---- time and counts ------------------------------------------------------------------------------------------------------

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

part_fatbin() {
    give ${share[fatbin]}
    if [ -z "$nvcc" ]; then note[fatbin]='no nvcc on PATH, in CUDA_PATH, CUDA_HOME or /usr/local/cuda'; return 1; fi
    rm -f "$kernels"
    local rc=0
    FATBIN_ARCH=${FATBIN_ARCH:-native} timeout -k 5 "$budget" bash "$here/native/fatbin.sh" "$nvcc" "$kernels" > "$logs/fatbin.log" 2>&1 || rc=$?
    executed[fatbin]=1
    if [ $rc -eq 0 ] && [ -s "$kernels" ]; then
        passed[fatbin]=1 note[fatbin]="$(stat -c %s "$kernels") bytes, FATBIN_ARCH=${FATBIN_ARCH:-native}"
        cp -f "$kernels" "$here/app/kernels.fatbin" 2>/dev/null || true
    else
        failed[fatbin]=1 note[fatbin]=$(why $rc)
    fi
    return $rc
}

part_doctor() {
    give ${share[doctor]}
    local rc=0
    run_dotnet "$here/app/cudalandscape.dll" doctor > "$logs/doctor.log" 2>&1 || rc=$?
    passed[doctor]=$(grep -c 'one kernel ran: right' "$logs/doctor.log" || true)
    failed[doctor]=$(grep -c 'one kernel ran: WRONG' "$logs/doctor.log" || true)
    executed[doctor]=$((passed[doctor] + failed[doctor]))
    note[doctor]=$(sed -nE 's/^(cuda|soft):([0-9]+) +([^,]*),.*/\1:\2 \3/p' "$logs/doctor.log" | paste -sd';' | sed 's/;/; /g')
    [ $rc -eq 0 ] || note[doctor]=$(why $rc)
    return $rc
}

# counter FILE NAME: a number of the trx file's summary.
counter() { { grep -o '<Counters [^>]*>' "$1" 2>/dev/null || true; } | sed -nE "s/.* $2=\"([0-9]+)\".*/\1/p" | head -n1 | grep . || echo 0; }

# Thousandths that the parts after the suite may use.
shares_after_suite() {
    local part sum=0 after=no
    for part in "${parts[@]}"; do
        [ $after = no ] || ((sum += share[$part]))
        [ "$part" != suite ] || after=yes
    done
    echo $sum
}

# The test projects, what the others rest on first: where time ends, it ends for the others.
suite_projects() {
    local dll
    for dll in "$here"/app*/CudaLandscape.{Interop,Tensors,Nn,Landscape}.Tests.dll "$here"/app*/*.Tests.dll; do
        case $dll in "$here"/app/* | "$here/app-$(basename "$dll" .dll)"/*) [ ! -f "$dll" ] || echo "$dll" ;; esac
    done | awk '!seen[$0]++'
}

part_suite() {
    local dll name rc worst=0 begin e p f s remark list
    mapfile -t list < <(suite_projects)
    for dll in "${list[@]}"; do
        name=$(basename "$dll" .dll)
        give 1000 "$(shares_after_suite)"
        begin=$SECONDS rc=0 remark=
        run_dotnet "$here/vstest/vstest.console.dll" "$dll" --ResultsDirectory:"$logs" --logger:"trx;LogFileName=$name.trx" \
            --logger:"console;verbosity=minimal" > "$logs/$name.log" 2>&1 < /dev/null || rc=$?
        e=$(counter "$logs/$name.trx" executed) p=$(counter "$logs/$name.trx" passed)
        s=$(($(counter "$logs/$name.trx" total) - e)) f=$((e - p))
        if [ $rc -ne 0 ]; then
            remark=$(why $rc)
        elif [ "$e" -eq 0 ]; then
            remark='no test was executed' rc=1
        elif [ "$f" -ne 0 ]; then
            rc=1
        fi
        [ $rc -eq 0 ] || worst=$rc note[suite]+="${note[suite]:+, }$name"
        executed[suite]=$((executed[suite] + e)) passed[suite]=$((passed[suite] + p))
        failed[suite]=$((failed[suite] + f)) skipped[suite]=$((skipped[suite] + s))
        projects+=("$name|$rc|$((SECONDS - begin))|$e|$p|$f|$s|$remark")
        printf '  %-34s %5d passed %4d failed %4d skipped %5d s  %s\n' "$name" "$p" "$f" "$s" $((SECONDS - begin)) "$remark"
    done
    [ ${#projects[@]} -gt 0 ] || note[suite]='the bundle holds no test project'
    return $worst
}

# Every tool over every op: a launch that reads what nobody wrote, or beyond its memory, or races, fails the part.
part_sanitize() {
    local tool rc worst=0
    if [ $soft = yes ]; then note[sanitize]='compute-sanitizer watches GPUs only; on the CPU native/sanitize.sh and the check device do its work'; return 1; fi
    if [ -z "$sanitizer" ]; then note[sanitize]='no compute-sanitizer on PATH, in CUDA_PATH or /usr/local/cuda'; return 1; fi
    for tool in memcheck racecheck initcheck synccheck; do
        give $((share[sanitize] / 4))
        rc=0
        CUDALANDSCAPE_MEMORY_CACHE=off LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} timeout -k 5 "$budget" "$sanitizer" \
            --tool "$tool" --error-exitcode 9 "$dotnet" "$here/app/kernelstudy.dll" check > "$logs/sanitize-$tool.log" 2>&1 < /dev/null || rc=$?
        executed[sanitize]=$((executed[sanitize] + 1))
        if [ $rc -eq 0 ]; then passed[sanitize]=$((passed[sanitize] + 1))
        else failed[sanitize]=$((failed[sanitize] + 1)) worst=$rc note[sanitize]+="${note[sanitize]:+, }$tool: $(why $rc)"; fi
    done
    return $worst
}

# study PART PATTERN COMMAND...: a command of the kernel study; its lines that match are what was executed.
study() {
    local part=$1 pattern=$2 rc=0
    shift 2
    run_dotnet "$here/app/kernelstudy.dll" "$@" > "$results/$part.txt" 2> "$logs/$part.log" < /dev/null || rc=$?
    executed[$part]=$(grep -cE "$pattern" "$results/$part.txt" || true)
    passed[$part]=${executed[$part]}
    [ $rc -eq 0 ] || failed[$part]=1 note[$part]=$(why $rc)
    return $rc
}

part_ceilings() {
    give ${share[ceilings]}
    local size=()
    [ $soft = no ] || size=(--n 256)
    study ceilings ', [^ ]+ +[0-9.E+-]+$' ceilings --seconds 1 --json "$results/ceilings.json" "${size[@]}"
}

part_bench() {
    give $((share[bench] * 2 / 3))
    local only=() sizes=(10,100 60000) rc=0
    [ $soft = no ] || only=(--op softmax) sizes=(2 1000)
    study bench '^\| [a-z].*Float' roofline --seconds 0.05 "${only[@]}" || rc=$?
    give $((share[bench] / 3))
    run_dotnet "$benchmarks" mnist-epoch "${sizes[@]}" > "$logs/mnist-epoch.txt" 2>> "$logs/bench.log" < /dev/null || { rc=$?; failed[bench]=1; note[bench]=$(why $rc); }
    { echo; cat "$logs/mnist-epoch.txt"; } >> "$results/bench.txt"
    executed[bench]=$((executed[bench] + $(grep -c '^| [0-9]' "$logs/mnist-epoch.txt" || true)))
    passed[bench]=${executed[bench]}
    return $rc
}

# The scripts of the comparisons with their options, the most telling first; those the time does not reach are named.
ratio_scripts() {
    if [ $soft = yes ]; then
        printf '%s\n' 'dispatch.py --rounds 1' 'mnist_step.py --t1 2 --threads 1 --rounds 1' 'together.py --what seeds --seeds 2 --rounds 1' \
            'rank.py --samples 200 --filters 1 --threads 1 --rounds 1'
        return
    fi
    # PyTorch's compiler takes minutes: it is left to the scripts themselves, and the results say so.
    printf '%s --device cuda --modes eager,graph\n' 'mnist_step.py --t1 100' skip_head.py 'mnist_step.py --t1 10' 'together.py --what seeds'
    printf '%s --device cuda\n' dispatch.py 'rank.py --samples 10000 --filters 17 --rounds 1'
    printf '%s --device cuda --modes eager,graph\n' 'conv_step.py --net vgg16 --activation softplus --batch 128' \
        'conv_step.py --net vgg16 --activation softplus --batch 128 --precision tf32' 'together.py --what table2' \
        'conv_step.py --net densenet121 --activation softplus --batch 64 --precision tf32 --rounds 3'
}

part_ratios() {
    local line rc worst=0 left=() end
    give ${share[ratios]}
    if ! has_torch; then note[ratios]="no PyTorch with ${python:-python3, which is not there}"; return 1; fi
    end=$((SECONDS + budget))
    : > "$results/ratios.txt"
    rm -f "$results/ratios.json"
    while IFS= read -r line; do
        budget=$((end - SECONDS)) rc=0
        if [ $budget -lt 10 ]; then left+=("${line%% --device*}"); continue; fi
        # shellcheck disable=SC2086
        BUNDLE_LIBRARIES=$libraries timeout -k 5 "$budget" "$python" "$here/benchmarks/baselines/"$line --json "$results/ratios.json" \
            >> "$results/ratios.txt" 2>> "$logs/ratios.log" < /dev/null || rc=$?
        echo >> "$results/ratios.txt"
        if [ $rc -eq 124 ] || [ $rc -eq 137 ]; then left+=("${line%% --device*}")
        elif [ $rc -ne 0 ]; then worst=$rc failed[ratios]=$((failed[ratios] + 1)); note[ratios]+="${line%% --device*}: $(why $rc); "; fi
    done < <(ratio_scripts)
    [ ${#left[@]} -eq 0 ] || note[ratios]+="out of time: $(IFS=,; echo "${left[*]}")"
    passed[ratios]=$(grep -c '"ratio":' "$results/ratios.json" 2>/dev/null || true)
    executed[ratios]=$((passed[ratios] + failed[ratios]))
    if grep -q '^no GPU' "$results/ratios.txt"; then note[ratios]+='no GPU that PyTorch can use'; fi
    return $worst
}

# metrics PART RUNS RC: counts the rows a run has measured.
metrics() {
    local run
    run=$(ls -d "$2"/*/ 2>/dev/null | tail -n1 || true)
    executed[$1]=0
    [ ! -f "${run}metrics.csv" ] || executed[$1]=$(($(wc -l < "${run}metrics.csv") - 1))
    if [ "$3" -eq 0 ]; then passed[$1]=${executed[$1]}; else failed[$1]=1 note[$1]=$(why "$3"); fi
}

part_rank() {
    give ${share[rank]}
    local rc=0 sizes=(--n 60000 --t1 '10,50,100')
    [ "$budget" -ge 180 ] || sizes=(--n 60000 --t1 '10,50')
    [ $soft = no ] || sizes=(--n 400 --t1 1)
    rm -rf "$results/ranks"
    run_dotnet "$here/app/cudalandscape.dll" table2 --weights random --features f64 "${sizes[@]}" --out "$results/ranks" \
        > "$results/rank.txt" 2> "$logs/rank.log" < /dev/null || rc=$?
    metrics rank "$results/ranks" $rc
    return $rc
}

part_table2() {
    give 1000
    local rc=0
    rm -rf "$results/runs"
    run_dotnet "$here/app/cudalandscape.dll" table2 --preset quick --out "$results/runs" > "$logs/table2.out" 2> "$logs/table2.log" < /dev/null || rc=$?
    metrics table2 "$results/runs" $rc
    return $rc
}

# ---- all parts, then the results ----------------------------------------------------------------------------------------

benchmarks=$(first_existing "$here"/app/CudaLandscape.Benchmarks.dll "$here"/app-CudaLandscape.Benchmarks/CudaLandscape.Benchmarks.dll)
smi() { { timeout 20 nvidia-smi --query-gpu="$1" --format=csv,noheader 2>/dev/null || true; } | paste -sd, | sed 's/,/, /g'; }
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

commit=$(sed -n 's/^commit //p' "$here/commit.txt" 2>/dev/null || true)
dirty=$(sed -n 's/^dirty //p' "$here/commit.txt" 2>/dev/null || true)
gpu=$(smi name) driver=$(smi driver_version)
nvcc_version=
[ -z "$nvcc" ] || nvcc_version=$("$nvcc" --version 2>/dev/null | sed -nE 's/.*release ([0-9.]+), V([0-9.]+).*/\2/p' || true)
cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n1)
runtime=$(basename "$here"/dotnet/shared/Microsoft.NETCore.App/*)

json() { printf '"%s"' "$(printf %s "$1" | tr '\n\t' '  ' | tr -d '\000-\037' | sed 's/[\\"]/\\&/g')"; }
truth() { if [ "$1" -eq 0 ]; then echo true; else echo false; fi; }
counts() { printf '"ok":%s,"exit":%d,"seconds":%d,"executed":%d,"passed":%d,"failed":%d,"skipped":%d,"note":%s' "$(truth "$1")" "$@" ; }

write_json() {
    local part line name c t e p f s remark separator=
    printf '{"ok":%s,"device":%s,"commit":%s,"dirty":%s,"started":%s,"seconds":%d,\n' "$(truth $wrong)" "$(json "$CUDALANDSCAPE_DEVICE")" \
        "$(json "$commit")" "$(json "$dirty")" "$(json "$started")" "$seconds_all"
    printf ' "gpu":%s,"driver":%s,"nvcc":%s,"cpu":%s,"cores":%d,"kernel":%s,"dotnet":%s,\n "parts":{' "$(json "$gpu")" "$(json "$driver")" \
        "$(json "$nvcc_version")" "$(json "$cpu")" "$(nproc)" "$(json "$(uname -sr)")" "$(json "$runtime")"
    for part in "${parts[@]}"; do
        printf '%s\n  "%s":{' "$separator" "$part"
        printf '"budget":%d,"clocks":%s,' "${budgets[$part]}" "$(json "${clocks[$part]}")"
        counts "${code[$part]}" "${seconds[$part]}" "${executed[$part]}" "${passed[$part]}" "${failed[$part]}" "${skipped[$part]}" "$(json "${note[$part]}")"
        separator=,
        if [ "$part" = suite ]; then
            printf ',"projects":{'
            separator=
            for line in "${projects[@]}"; do
                IFS='|' read -r name c t e p f s remark <<< "$line"
                printf '%s\n    "%s":{' "$separator" "$name"
                counts "$c" "$t" "$e" "$p" "$f" "$s" "$(json "$remark")"
                printf '}'
                separator=,
            done
            printf '}'
            separator=,
        fi
        printf '}'
    done
    printf '}}\n'
}

write_markdown() {
    local part line name c t e p f s remark run
    printf '# CudaLandscape on %s\n\n' "${gpu:-softcuda, $cpu}"
    printf 'Commit %s (dirty: %s), device `%s`, driver %s, nvcc %s, .NET %s, %s, %s cores, %s; %d s in all. **%s**\n\n' \
        "${commit:-unknown}" "${dirty:-unknown}" "$CUDALANDSCAPE_DEVICE" "${driver:-none}" "${nvcc_version:-none}" "$runtime" "$(uname -sr)" \
        "$(nproc)" "$started" "$seconds_all" "$([ $wrong -eq 0 ] && echo 'All parts passed.' || echo 'A part failed.')"
    printf '| part | exit code | executed | passed | failed | skipped | seconds | of | clocks (SM, its most, memory) | note |\n'
    printf '| --- | --: | --: | --: | --: | --: | --: | --: | --- | --- |\n'
    for part in "${parts[@]}"; do
        printf '| %s | %d | %d | %d | %d | %d | %d | %d | %s | %s |\n' "$part" "${code[$part]}" "${executed[$part]}" "${passed[$part]}" \
            "${failed[$part]}" "${skipped[$part]}" "${seconds[$part]}" "${budgets[$part]}" "${clocks[$part]}" "${note[$part]}"
        [ "$part" = suite ] || continue
        for line in "${projects[@]}"; do
            IFS='|' read -r name c t e p f s remark <<< "$line"
            printf '| %s | %d | %d | %d | %d | %d | %d | | | %s |\n' "$name" "$c" "$e" "$p" "$f" "$s" "$t" "$remark"
        done
    done
    { grep -hoE '<UnitTestResult [^>]*outcome="Failed"' "$logs"/*.trx 2>/dev/null || true; } |
        sed -nE 's/.*testName="([^"]*)".*/\1/p' | head -n 100 > "$logs/failed.txt"
    if [ -s "$logs/failed.txt" ]; then printf '\nFailed tests:\n\n'; sed 's/^/    /' "$logs/failed.txt"; fi
    for part in fatbin doctor ceilings bench ratios rank table2; do
        if [ "${code[$part]:-0}" -ne 0 ] && [ -f "$logs/$part.log" ]; then printf '\nEnd of %s.log:\n\n' "$part"; tail -n 30 "$logs/$part.log" | sed 's/^/    /'; fi
    done
    if [ -f "$logs/doctor.log" ]; then printf '\n## doctor\n\n'; sed 's/^/    /' "$logs/doctor.log"; fi
    run=$(ls -d "$results"/runs/*/ 2>/dev/null | tail -n1 || true)
    for part in ceilings bench ratios rank; do
        if [ -s "$results/$part.txt" ]; then printf '\n## %s\n\n' "$part"; cat "$results/$part.txt"; fi
    done
    if [ -f "${run}table.md" ]; then printf '\n## table2\n\n'; sed 's/^# /### /' "${run}table.md"; fi
}

write_json > "$results/results.json"
write_markdown > "$results/results.md"
echo "$([ $wrong -eq 0 ] && echo passed || echo FAILED) in $seconds_all s: $results/results.md"
exit $wrong
