# shellcheck shell=bash disable=SC2154
# The tests of the bundle, unpacked in another place, with no dotnet on PATH and an empty environment. Sourced by build.sh.

test_bundle() {
    local begin=$SECONDS file bin
    if ! CI='' CUDALANDSCAPE_DATA='' bash "$root/build.sh" bundle; then
        tally 'bundle' 0 1 0 $((SECONDS - begin)) 'it cannot be made'
        return
    fi
    place=$(mktemp -d)
    tar -C "$place" -xzf "$artifacts/bundle.tar.gz"
    bin=$place/bin
    mkdir "$bin" "$place/home"
    for file in /usr/bin/* /bin/*; do
        case ${file##*/} in dotnet | nvcc | nvidia-smi | compute-sanitizer) ;; *) [ -e "$bin/${file##*/}" ] || ln -s "$file" "$bin/" ;; esac
    done
    check_on_softcuda
    rehearse
}

# gpu_check RESULTS VARIABLE=VALUE... ARGUMENT...: gpu-check.sh of the unpacked bundle.
gpu_check() {
    local results=$1
    shift
    env -i PATH="$place/bin" HOME="$place/home" GPU_CHECK_RESULTS="$logs/$results" "$@" < /dev/null
}

# All parts, on softcuda; each counts as one test.
check_on_softcuda() {
    local begin=$SECONDS rc=0 log=$logs/bundle-check.log good bad
    rm -rf "$logs/bundle-results"
    gpu_check bundle-results GPU_CHECK_SECONDS=1500 bash "$place/bundle/gpu-check.sh" all --soft > "$log" 2>&1 || rc=$?
    good=$(grep -cE '^[a-z0-9]+: ok,' "$log" || true) bad=$(grep -cE '^[a-z0-9]+: FAILED,' "$log" || true)
    [ $rc -eq 0 ] || tail -n 40 "$log" >&2
    if [ $rc -ne 0 ] && [ "$bad" -eq 0 ] || [ "$good" -eq 0 ]; then bad=$((bad + 1)); fi
    tally 'bundle, unpacked elsewhere' "$good" "$bad" 0 $((SECONDS - begin)) "$(grep -E '^suite:' "$log" || true)"
}

# What a machine with a GPU does otherwise: softcuda poses as NVIDIA's driver, cuBLAS and cuSOLVER, and tests/rehearsal as the tools.
rehearse() {
    local begin=$SECONDS log=$logs/rehearsal.log part library good=0 bad=0
    local posing=(PATH="$root/tests/rehearsal:$place/bin" CUDALANDSCAPE_CUDA_LIBRARIES="$place/posing" bash "$place/bundle/gpu-check.sh")
    mkdir "$place/posing"
    for library in libcuda.so.1 libcublas.so.13 libcusolver.so.12; do ln -s "$place/bundle/app/libsoftcuda.so" "$place/posing/$library"; done
    : > "$log"
    for part in fatbin doctor sanitize; do
        if gpu_check rehearsal "${posing[@]}" $part >> "$log" 2>&1; then good=$((good + 1)); else bad=$((bad + 1)); fi
    done
    # One finding of one tool fails the part.
    if gpu_check rehearsal REHEARSAL_FINDING='racecheck:Error: Race reported' "${posing[@]}" sanitize >> "$log" 2>&1 ||
        ! grep -q '^sanitize: FAILED.*racecheck: failed' "$log"; then
        bad=$((bad + 1))
    else
        good=$((good + 1))
    fi
    [ $bad -eq 0 ] || tail -n 40 "$log" >&2
    tally 'rehearsal of a GPU' $good $bad 0 $((SECONDS - begin))
}
