#!/usr/bin/env bash
# softcuda, every kernel and the C++ tests under AddressSanitizer + UndefinedBehaviorSanitizer (with leak detection) and every
# kernel under ThreadSanitizer. Run from anywhere:   native/sanitize.sh [address|thread|all]     (all)
# Builds into artifacts/native-asan and artifacts/native-tsan; answers nonzero on the first finding.
set -euo pipefail
cd "$(dirname "$0")/.."
which="${1:-all}"

build() { # folder, sanitizers, targets...
    local folder="$1" sanitizers="$2"
    shift 2
    cmake -S native -B "$folder" -DSOFTCUDA_SANITIZE="$sanitizers" -DCMAKE_BUILD_TYPE=RelWithDebInfo > /dev/null
    cmake --build "$folder" -j"$(nproc)" --target "$@" > "$folder/build.log" || { tail -40 "$folder/build.log"; exit 1; }
}

if [[ $which == address || $which == all ]]; then
    tests=()
    for source in native/tests/*_test.cpp; do tests+=("$(basename "$source" .cpp)"); done
    build artifacts/native-asan address,undefined softcuda "${tests[@]}"
    for test in "${tests[@]}"; do
        echo "address,undefined: $test"
        UBSAN_OPTIONS=print_stacktrace=1 SOFTCUDA_WORKERS=2 \
            LSAN_OPTIONS=suppressions="$PWD/native/tests/lsan.supp":print_suppressions=0 "artifacts/native-asan/$test"
    done
fi
if [[ $which == thread || $which == all ]]; then
    build artifacts/native-tsan thread softcuda kernels_test
    echo "thread: kernels_test"
    TSAN_OPTIONS=halt_on_error=1 SOFTCUDA_WORKERS=3 artifacts/native-tsan/kernels_test fast
fi
