# shellcheck shell=bash disable=SC2034,SC2154
# The parts of gpu-check.sh that measure: ceilings, bench, ratios, rank, table2. Sourced by it.

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

# ranks_of RUNS: how many rows of a run have the rank of F1.
ranks_of() {
    cat "$1"/*/metrics.csv 2>/dev/null | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "rank_f1_f64") rank = i; next } $rank != "" { n++ } END { print n + 0 }'
}

# From the smallest on; the row that the time does not reach is said, not failed, where there are others.
part_rank() {
    give ${share[rank]}
    local rc=0 sizes=(--n 60000 --t1 '10,50,100')
    [ $soft = no ] || sizes=(--n 400 --t1 1)
    rm -rf "$results/ranks"
    run_dotnet "$here/app/cudalandscape.dll" table2 --weights random --features f64 "${sizes[@]}" --out "$results/ranks" \
        > "$results/rank.txt" 2> "$logs/rank.log" < /dev/null || rc=$?
    executed[rank]=$(ranks_of "$results/ranks")
    passed[rank]=${executed[rank]}
    [ $rc -eq 0 ] || note[rank]=$(why $rc)
    if [ $rc -eq 124 ] || [ $rc -eq 137 ] && [ "${passed[rank]}" -gt 0 ]; then rc=0; fi
    [ $rc -eq 0 ] || failed[rank]=1
    return $rc
}

part_table2() {
    give 1000
    local rc=0
    rm -rf "$results/runs"
    run_dotnet "$here/app/cudalandscape.dll" table2 --preset quick --out "$results/runs" > "$logs/table2.out" 2> "$logs/table2.log" < /dev/null || rc=$?
    executed[table2]=$(ranks_of "$results/runs")
    passed[table2]=${executed[table2]}
    [ $rc -eq 0 ] || failed[table2]=1 note[table2]=$(why $rc)
    return $rc
}
