# shellcheck shell=bash disable=SC2154
# The tests of `build.sh test`, each adding a line to the table and to the counts. Sourced by build.sh.

test_limit=${TEST_SECONDS:-1800} # for one test project

# Further programs of `test`, and of `test --full` in their place, as seen from artifacts/native.
sample_tests=('../../native/sanitize.sh sample')
full_tests=('math_test --full' '../../native/sanitize.sh all' '../../tests/crash/crash_sweep.sh' '../../tests/crash/unit_kills.sh'
    '../../tests/slurm/sweep_on_slurm.sh')

passed=0 failed=0 skipped=0

# tally NAME PASSED FAILED SKIPPED SECONDS [REMARK]
tally() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    printf '%-36s %5d passed %4d failed %4d skipped %5d s  %s\n' "$@"
}

ptx_check() {
    cmake --build "$artifacts/native" -j "$(nproc)" --target ptx || return
    # The one source that nvcc gets, all kernels together, as well.
    local unity=$artifacts/native/ptx/all.cu
    bash "$root/native/fatbin.sh" --unity "$unity" || return
    clang++-19 -x cuda --cuda-device-only --cuda-gpu-arch=sm_90a --cuda-feature=+ptx78 -nocudainc -nocudalib -std=c++17 -O1 -ffp-contract=off \
        -Wno-unknown-cuda-version -I"$root/native/include" -S "$unity" -o "${unity%.cu}.ptx"
}

test_ptx() {
    local begin=$SECONDS
    if ptx_check > "$logs/ptx.log" 2>&1; then
        say "PTX of every kernel by clang: $((SECONDS - begin)) s"
    else
        tail -n 60 "$logs/ptx.log" >&2
        tally 'PTX by clang' 0 1 0 $((SECONDS - begin)) "see $logs/ptx.log"
    fi
}

test_native() {
    local begin=$SECONDS rc=0 log=$logs/ctest.log all bad idle
    ctest --test-dir "$artifacts/native" --output-on-failure > "$log" 2>&1 < /dev/null || rc=$?
    bad=$(sed -nE 's/.* tests passed, ([0-9]+) tests failed out of ([0-9]+).*/\1/p' "$log")
    all=$(sed -nE 's/.* tests passed, ([0-9]+) tests failed out of ([0-9]+).*/\2/p' "$log")
    idle=$(grep -cE '\*\*\*(Skipped|Not Run)' "$log" || true)
    [ "${bad:-0}" -eq 0 ] || tail -n 60 "$log" >&2
    if [ "${all:-0}" -eq 0 ]; then
        tally 'C++' 0 1 0 $((SECONDS - begin)) "no test was executed; see $log"
    elif [ $rc -ne 0 ] && [ "$bad" -eq 0 ]; then
        tally 'C++' $((all - idle)) 1 "$idle" $((SECONDS - begin)) "ctest: exit code $rc; see $log"
    else
        tally 'C++' $((all - bad - idle)) "$bad" "$idle" $((SECONDS - begin))
    fi
}

# A program answers 77 where what it needs is missing: skipped, but a failure in CI. Its last line, "run: ...", is shown.
test_programs() {
    local line begin rc log remark
    configure "$artifacts/native-asan" -DSOFTCUDA_SANITIZE=address,undefined
    [ $full = no ] || configure "$artifacts/native-tsan" -DSOFTCUDA_SANITIZE=thread
    for line; do
        begin=$SECONDS rc=0 log=$logs/${line//[^a-z0-9_]/_}.log
        # shellcheck disable=SC2086
        (cd "$artifacts/native" && ./$line) > "$log" 2>&1 < /dev/null || rc=$?
        remark=$(tail -n 1 "$log")
        if [ $rc -eq 0 ]; then
            case $remark in run:*) ;; *) remark= ;; esac
            tally "${line##*/}" 1 0 0 $((SECONDS - begin)) "$remark"
        elif [ $rc -eq 77 ] && [ -z "${CI:-}" ]; then
            tally "${line##*/}" 0 0 1 $((SECONDS - begin)) "NOT RUN: $remark"
        else
            tail -n 40 "$log" >&2
            tally "${line##*/}" 0 1 0 $((SECONDS - begin)) "exit code $rc; see $log"
        fi
    done
}

counter() { { grep -o '<Counters [^>]*>' "$1" 2> /dev/null || true; } | sed -nE "s/.* $2=\"([0-9]+)\".*/\1/p" | head -n1 | grep . || echo 0; }

# One project after the other: they share the device and the two cores.
test_dotnet() {
    local project name
    for project in "$root"/tests/*.Tests/*.csproj; do
        name=$(basename "$project" .csproj)
        if ! grep -q "$name.csproj" "$root/CudaLandscape.sln" || [ ! -f "$(test_assembly "$name")" ]; then
            tally "$name" 0 1 0 0 'it is not built: CudaLandscape.sln does not name it'
            continue
        fi
        test_project "$name" "$name"
    done
}

# What GPUs get runs in the place of the check device's kernels: the tests that compare the two devices, instruction by instruction.
# A compiler may copy a barrier, and then needs not all of the copies, so that those who drop barriers are left out.
test_by_ptx() {
    local name
    if [ ! -f "$artifacts/native/ptx/sm_90a/elementwise.ptx" ]; then
        tally 'Tensors and Nn by PTX' 0 1 0 0 "no PTX in $artifacts/native/ptx"
        return
    fi
    for name in Tensors Nn; do
        SOFTCUDA_PTX=$artifacts/native/ptx/sm_90a test_project "CudaLandscape.$name.Tests" "$name by PTX (sm_90a)" 'FullyQualifiedName!~BarrierTests'
    done
}

test_assembly() { echo "$artifacts/bin/$1/release/$1.dll"; }

# test_project PROJECT NAME [FILTER]
test_project() {
    local name=$2 begin=$SECONDS rc=0 all ran good remark='' log
    log=$logs/${2//[^A-Za-z0-9_.]/_}
    rm -f "$log.trx"
    timeout -k 10 "$test_limit" dotnet test "$(test_assembly "$1")" ${3:+--filter "$3"} --results-directory "$logs" --logger "trx;LogFileName=${log##*/}.trx" \
        --logger 'console;verbosity=minimal' > "$log.log" 2>&1 < /dev/null || rc=$?
    all=$(counter "$log.trx" total) ran=$(counter "$log.trx" executed) good=$(counter "$log.trx" passed)
    if [ "$ran" -eq 0 ]; then remark='no test was executed'; fi
    if [ $rc -eq 124 ] || [ $rc -eq 137 ]; then remark="out of time ($test_limit s)"; fi
    if [ $rc -ne 0 ] || [ "$ran" -ne "$good" ] || [ "$ran" -eq 0 ]; then
        grep -v '\[SKIP\]\|^  Skipped ' "$log.log" | tail -n 60 >&2
        remark="${remark:-exit code $rc}; see $log.log"
        # Something failed, even where no single test says so.
        [ "$ran" -ne "$good" ] || { tally "$name" "$good" 1 $((all - ran)) $((SECONDS - begin)) "$remark"; return; }
    fi
    tally "$name" "$good" $((ran - good)) $((all - ran)) $((SECONDS - begin)) "$remark"
}

test_examples() {
    local example begin rc log
    for example in "$root"/examples/*.cs; do
        begin=$SECONDS rc=0 log=$logs/$(basename "$example" .cs).log
        dotnet run -c Release "$example" > "$log" 2>&1 < /dev/null || rc=$?
        if [ $rc -eq 0 ] && [ -s "$log" ]; then
            tally "${example##*/}" 1 0 0 $((SECONDS - begin)) "$(tail -n 1 "$log")"
        else
            tail -n 40 "$log" >&2
            tally "${example##*/}" 0 1 0 $((SECONDS - begin)) "exit code $rc; see $log"
        fi
    done
}
