#!/usr/bin/env bash
# native/fatbin.sh NVCC OUTPUT     every kernel in one fatbin, by nvcc; used by CMake and by gpu-check.sh
# native/fatbin.sh --unity OUTPUT  only the one source file that nvcc is given
#
# FATBIN_ARCH says what for:  all (default)  machine code for every architecture from sm_75 that this nvcc knows, and PTX of
#                                            the oldest and the newest for what lies between and after
#                             native         the GPUs of this machine only (seconds instead of minutes), and their PTX
#                             75 90 ...      these
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -eq 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
nvcc=$1 output=$2

# One source: every header first, outside; then each kernel file in a namespace of its own, so that their helpers, which are
# often named alike, do not meet. Kernels are extern "C" and keep their names.
write_unity() {
    local file
    grep -hE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' "$here"/kernels/*.cu | sort -u || true
    for file in "$here"/include/*.cuh; do
        case $file in */clang_builtins.cuh) continue ;; esac
        if grep -q '^#pragma once' "$file"; then echo "#include \"${file##*/}\""; fi
    done
    for file in "$here"/kernels/*.cu; do
        printf 'namespace family_%s {\n#include "%s"\n}\n' "$(basename "$file" .cu)" "$file"
    done
}

if [ "$nvcc" = --unity ]; then
    write_unity > "$output"
    exit
fi

# Architectures as numbers, oldest first; sm_90a and the like (no forward compatibility) are left out.
known=$("$nvcc" --list-gpu-code | tr -d '\r' | sed -nE 's/^sm_([0-9]+)$/\1/p' | sort -nu | awk '$1 >= 75')
[ -n "$known" ] || { echo "fatbin.sh: $nvcc --list-gpu-code names no architecture from sm_75 on" >&2; exit 1; }

# The GPUs here as 90 for 9.0. One newer than nvcc gets the newest PTX that nvcc can write.
present() {
    { nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null || true; } | tr -d ' .\r' | grep -E '^[0-9]+$' | sort -nu
}

gencode=()
machine_code() { gencode+=(-gencode "arch=compute_$1,code=sm_$1"); }
ptx() { gencode+=(-gencode "arch=compute_$1,code=compute_$1"); }

case ${FATBIN_ARCH:-all} in
    all)
        for arch in $known; do machine_code "$arch"; done
        ptx "$(head -n1 <<< "$known")"
        [ "$(wc -l <<< "$known")" -eq 1 ] || ptx "$(tail -n1 <<< "$known")"
        ;;
    native)
        archs=$(present || true)
        if [ -z "$archs" ]; then
            echo "fatbin.sh: nvidia-smi names no compute capability; leaving it to nvcc (-arch=native)" >&2
            gencode=(-arch=native)
        fi
        newest=
        for arch in $archs; do
            if grep -qx "$arch" <<< "$known"; then machine_code "$arch"; fi
            below=$(awk -v a="$arch" '$1 <= a' <<< "$known" | tail -n1)
            [ -n "$below" ] || { echo "fatbin.sh: this GPU, sm_$arch, is older than sm_75 or than $nvcc supports" >&2; exit 1; }
            [ "$below" = "$newest" ] || ptx "$below"
            newest=$below
        done
        ;;
    *)
        for arch in ${FATBIN_ARCH//,/ }; do
            arch=${arch#sm_}
            machine_code "$arch"
            ptx "$arch"
        done
        ;;
esac

# Newer versions of nvcc spread the one source over the cores.
parallel=()
case $("$nvcc" --help 2> /dev/null || true) in *--split-compile*) parallel=(--split-compile 0) ;; esac

mkdir -p "$(dirname "$output")"
unity=${output%.fatbin}.cu
part=${output%.fatbin}.part.fatbin
write_unity > "$unity"
# Contraction is off and fma is written out, so that host and device round alike; no fast-math anywhere.
"$nvcc" -fatbin -std=c++17 -O3 -fmad=false --threads 0 "${parallel[@]}" "${gencode[@]}" -I"$here/include" -o "$part" "$unity"
mv -f "$part" "$output"
