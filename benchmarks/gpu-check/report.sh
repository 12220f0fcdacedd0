# shellcheck shell=bash disable=SC2034,SC2154
# What gpu-check.sh writes when its parts are done: results.json and results.md. Sourced by it.

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

end_of() { [ ! -f "$1" ] || { printf '\nEnd of %s:\n\n' "${1##*/}"; tail -n 30 "$1" | sed 's/^/    /'; }; }

write_markdown() {
    local part log line name c t e p f s remark run
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
        [ "${code[$part]:-0}" -eq 0 ] || end_of "$logs/$part.log"
    done
    [ "${code[sanitize]:-0}" -eq 0 ] || for log in "$logs"/sanitize-*.log; do end_of "$log"; done
    if [ -f "$logs/doctor.log" ]; then printf '\n## doctor\n\n'; sed 's/^/    /' "$logs/doctor.log"; fi
    run=$(ls -d "$results"/runs/*/ 2>/dev/null | tail -n1 || true)
    for part in ceilings bench ratios rank; do
        if [ -s "$results/$part.txt" ]; then printf '\n## %s\n\n' "$part"; cat "$results/$part.txt"; fi
    done
    if [ -f "${run}table.md" ]; then printf '\n## table2\n\n'; sed 's/^# /### /' "${run}table.md"; fi
}
