#!/usr/bin/env bash
# division_ptx.sh PTX: in clang's PTX of kernels/conv2d.cu the direct kernels divide no 64-bit integers while they fill and multiply
# their tiles, that is between the first store to shared memory and the last barrier.
set -euo pipefail
[ -f "$1" ] || { echo "$1 is not there: cmake --build . --target ptx makes it"; exit 1; }
awk '
    /\.entry/ { kernel = $3; sub(/\(.*/, "", kernel); seen = since = 0 }
    kernel !~ /^conv2d_(fprop|fprop_bias_activation|dgrad|wgrad)_f(32|64)$/ { next }
    /st\.shared/ { kernels[kernel]; seen = 1 }
    seen && /(div|rem)\.[su]64/ { ++since }
    /bar\.sync/ { within[kernel] += since; since = 0 }
    END {
        for (kernel in kernels) {
            ++count
            if (!within[kernel]) continue
            printf "%s: %d divisions of 64-bit integers among its tiles\n", kernel, within[kernel]
            wrong = 1
        }
        printf "division_ptx: %d kernels\n", count
        exit wrong || count != 8
    }' "$1"
