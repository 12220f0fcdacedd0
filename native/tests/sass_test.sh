#!/usr/bin/env bash
# sass_test.sh FOLDER: native/sass.py on a dump written by hand: an outer loop with an inner one, predicates, wide accesses, two architectures.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
cat > "$1/cuobjdump" <<'TOOL'
#!/usr/bin/env bash
if [ "$1" = --dump-resource-usage ]; then
    printf 'arch = sm_90\nResource usage:\n Function wide_f32:\n  REG:40 STACK:16 SHARED:1024 LOCAL:0\n Function small_f32:\n  REG:8 STACK:0 SHARED:0 LOCAL:0\n'
    printf 'arch = sm_100\nResource usage:\n Function small_f32:\n  REG:9 STACK:0 SHARED:0 LOCAL:0\n'
elif [ "$3" = wide_f32 ]; then
    printf 'arch = sm_90\n\tFunction : wide_f32\n'
    n=0
    for text in 'S2R R2, SR_TID.X' 'LDS.128 R4, [R2]' 'FFMA R1, R4, R5, R1' '@!P0 FFMA R1, R6, R7, R1' '@P0 BRA `(.L_x_1) 0x20' \
        'LDG.E.64 R8, [R2.64]' '@UP1 BRA 0x10' 'BRA 0x90' 'NOP' 'BRA 0x90'; do
        printf '        /*%04x*/                   %s ;    /* 0x0000000000000000 */\n                                  /* 0x000e220000002100 */\n' $((16 * n++)) "$text"
    done
else
    printf 'arch = sm_90\n'
fi
TOOL
chmod +x "$1/cuobjdump"
sass() { "$here/../sass.py" --cuobjdump "$1/cuobjdump" x.fatbin "${@:2}"; }

diff - <(sass "$1" wide_f32) <<'END'
wide_f32, sm_90: 10 instructions: 4 BRA, 2 FFMA, 1 S2R, 1 LDS.128, 1 LDG.64, 1 NOP
     10 to    60:     6, loops inside: 2 FFMA, 2 BRA, 1 LDS.128, 1 LDG.64
     20 to    40:     3: 2 FFMA, 1 BRA
END
[ "$(sass "$1" --arch sm_90 | awk 'NR > 1 { print $1, $2, $3, $4 }')" = $'wide_f32 40 16 1024\nsmall_f32 8 0 0' ]
[ "$(sass "$1" | awk 'NR > 1 { print $1, $2 }')" = 'small_f32 9' ]
refused() { { "$@" 2>&1 && echo 'was not refused'; } || true; }
refused sass "$1" other | grep -q 'has no kernel other for sm_90'
refused sass "$1" --arch sm_75 | grep -q 'has machine code for sm_90, sm_100, not for sm_75'
refused "$here/../sass.py" --cuobjdump /nowhere x.fatbin | grep -q "it comes with CUDA's nvcc"
