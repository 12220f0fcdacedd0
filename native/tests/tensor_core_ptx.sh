#!/usr/bin/env bash
# tensor_core_ptx.sh PTX: in clang's PTX of kernels/conv2d.cu for sm_80 or newer, every kernel in TF32 multiplies on tensor cores, copies
# asynchronously, loads its operands as matrices and rounds them, and keeps its sums in registers: no array of it lies in local memory.
set -euo pipefail
[ -f "$1" ] || { echo "$1 is not there: cmake --build . --target ptx makes it"; exit 1; }
awk '
    /\.func/ { kernel = "" }
    /\.entry/ { kernel = $3; sub(/\(.*/, "", kernel); if (kernel ~ /_tf32/) kernels[kernel] }
    /mma\.sync\.aligned\.m16n8k8\.row\.col\.f32\.tf32\.tf32\.f32/ { products[kernel]++ }
    /cp\.async\.c[ag]\.shared\.global/ { copies[kernel]++ }
    /cp\.async\.wait_group/ { waits[kernel]++ }
    /add\.[su]32.*, 4096;/ { roundings[kernel]++ }
    /ldmatrix\.sync\.aligned\.m8n8\.x4\.shared\.b16/ { matrices[kernel]++ }
    /\.local/ { locals[kernel]++ }
    END {
        for (kernel in kernels) {
            ++count
            if (products[kernel] && copies[kernel] && waits[kernel] && roundings[kernel] && matrices[kernel] && !locals[kernel]) continue
            printf "%s: %d products, %d copies, %d waits, %d roundings, %d loads of matrices, %d lines with local memory\n", kernel, products[kernel],
                   copies[kernel], waits[kernel], roundings[kernel], matrices[kernel], locals[kernel]
            wrong = 1
        }
        printf "tensor_core_ptx: %d kernels in TF32\n", count
        exit wrong || count == 0
    }' "$1"
