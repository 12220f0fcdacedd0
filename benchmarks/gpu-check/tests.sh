# shellcheck shell=bash disable=SC2034,SC2154
# The parts of gpu-check.sh that say whether all is right: fatbin, doctor, suite, sanitize. Sourced by it.

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

# The test projects, what the others rest on first and the longest last: where time ends, it ends for that one.
suite_projects() {
    local dll
    for dll in "$here"/app*/CudaLandscape.{Interop,Tensors,Nn,Landscape,KernelStudy,Figures}.Tests.dll "$here"/app*/*.Tests.dll; do
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

# Every op under a tool: a launch that reads what nobody wrote, or beyond its memory, or races, is an error of the tool.
under() {
    CUDALANDSCAPE_MEMORY_CACHE=off LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} timeout -k 5 "$budget" "$sanitizer" \
        --tool "$1" --error-exitcode 9 "$dotnet" "$here/app/kernelstudy.dll" check > "$logs/sanitize-$1.log" 2>&1 < /dev/null
}

# What a tool found before its time was up; its other lines say that it began and was stopped.
has_findings() { grep -qE '^WRONG|^=========.*(Invalid|Misaligned|Uninitialized|Race reported|Barrier error|Program hit|SUMMARY: [1-9])' "$logs/sanitize-$1.log"; }

# The four tools at a time, so that each has the part's whole time. What is counted is ops; a tool that came to none has failed.
part_sanitize() {
    local tool rc ops worst=0 tools=(memcheck racecheck initcheck synccheck)
    local -A running=()
    if [ $soft = yes ]; then note[sanitize]='compute-sanitizer watches GPUs only; on the CPU native/sanitize.sh and the check device do its work'; return 1; fi
    if [ -z "$sanitizer" ]; then note[sanitize]='no compute-sanitizer on PATH, in CUDA_PATH or /usr/local/cuda'; return 1; fi
    give "${share[sanitize]}"
    for tool in "${tools[@]}"; do
        under "$tool" &
        running[$tool]=$!
    done
    for tool in "${tools[@]}"; do
        rc=0
        wait "${running[$tool]}" || rc=$?
        ops=$(grep -cE '^[a-z0-9_]+: [0-9]+ rows, ' "$logs/sanitize-$tool.log" || true)
        executed[sanitize]=$((executed[sanitize] + ops))
        if [ "$ops" -eq 0 ] || has_findings "$tool" || { [ $rc -ne 0 ] && [ $rc -ne 124 ] && [ $rc -ne 137 ]; }; then
            failed[sanitize]=$((failed[sanitize] + 1)) worst=1 note[sanitize]+="$tool: failed after $ops ops ($(why $rc)); "
        else
            passed[sanitize]=$((passed[sanitize] + ops))
            [ $rc -eq 0 ] || note[sanitize]+="$tool: out of time after $ops ops; "
        fi
    done
    return $worst
}
