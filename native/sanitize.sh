#!/usr/bin/env bash
# softcuda and every kernel under the sanitizers of g++. Usage, from anywhere: native/sanitize.sh [sample|all|PART...]    (all)
#   address   the C++ tests under AddressSanitizer + UndefinedBehaviorSanitizer, with leak detection
#   dotnet    the .NET tests of tensors, bindings and the fused step under the same two (needs `./build.sh build` before)
#   thread    every kernel of the fast device under ThreadSanitizer
#   planted   errors planted in test-only kernels: each sanitizer must report its own, with file and line
#   sample    what is quick of address, dotnet and planted; says at the end what it left out
# Builds into artifacts/native-asan and artifacts/native-tsan. Answers nonzero on the first finding, 77 where g++ has no sanitizers.
set -euo pipefail
cd "$(dirname "$0")/.."
asan=artifacts/native-asan tsan=artifacts/native-tsan
cxx=${CXX:-g++}

export UBSAN_OPTIONS=print_stacktrace=1 TSAN_OPTIONS=halt_on_error=1
export LSAN_OPTIONS=suppressions="$PWD/native/tests/lsan.supp":print_suppressions=0
# One memory block per tensor, of exactly its size: the sanitizers then know where every tensor ends and when it is gone.
export CUDALANDSCAPE_MEMORY_CACHE=off

library() { # asan|tsan: the sanitizer's own library, or nothing
    local file
    file=$("$cxx" -print-file-name="lib$1.so")
    [[ $file == /* ]] && echo "$file"
}

build() { # folder, targets...
    local folder=$1 sanitizers=address,undefined
    shift
    [[ $folder != "$tsan" ]] || sanitizers=thread
    cmake -S native -B "$folder" -DSOFTCUDA_SANITIZE=$sanitizers -DCMAKE_BUILD_TYPE=Release > /dev/null
    cmake --build "$folder" -j"$(nproc)" --target "$@" > "$folder/build.log" || { tail -40 "$folder/build.log"; exit 1; }
}

address() { # C++ tests...
    local test
    build $asan softcuda "$@"
    for test; do
        echo "address,undefined: $test"
        SOFTCUDA_WORKERS=2 $asan/"$test"
    done
}

dotnet_tests() { # project, filter
    local dll=artifacts/bin/CudaLandscape.$1.Tests/release/CudaLandscape.$1.Tests.dll log=$asan/$1.log
    [[ -f $dll ]] || { echo "$dll is not there: ./build.sh build makes it"; exit 1; }
    build $asan softcuda
    echo "address,undefined: .NET $1 ${2:-}"
    # The .NET runtime handles SIGSEGV itself, and lets objects go when the process ends.
    LD_PRELOAD=$(library asan) ASAN_OPTIONS=detect_leaks=0:handle_segv=0:use_sigaltstack=0 \
        CUDALANDSCAPE_SOFTCUDA=$PWD/$asan/libsoftcuda.so CUDALANDSCAPE_DEVICE=soft \
        dotnet test "$dll" ${2:+--filter "$2"} > "$log" 2>&1 || { tail -80 "$log"; exit 1; }
    grep -o 'Passed: *[0-9]*.*Total: *[0-9]*' "$log"
}

thread() {
    build $tsan softcuda kernels_test
    echo "thread: kernels_test"
    SOFTCUDA_WORKERS=3 $tsan/kernels_test fast
}

# expect FOLDER KERNEL DEVICE REPORT [PLACE]: the program fails, and reports this at the line marked with the kernel's name.
expect() {
    local folder=$1 kernel=$2 device=$3 report=$4 line place output
    line=$(sed -n "/planted: $kernel\$/=" native/tests/planted/planted_errors.cu)
    place=${5:-planted_errors.cu:$line}
    if output=$(SOFTCUDA_WORKERS=3 "$folder"/planted_errors "$kernel" "$device" 2>&1); then
        echo "NOT REPORTED: $kernel on the $device device"
        exit 1
    fi
    if ! grep -q "$report" <<< "$output" || ! grep -q "$place\b" <<< "$output"; then
        echo "$kernel on the $device device: no \"$report\" at $place in"
        echo "$output"
        exit 1
    fi
    echo "planted: $kernel ($device): $report at $place"
}

planted_for_address() {
    local device
    build $asan planted_errors
    expect $asan write_beyond_the_end fast 'AddressSanitizer: heap-buffer-overflow'
    expect $asan write_beyond_the_end check 'AddressSanitizer: use-after-poison' # of a guard zone
    expect $asan write_beyond_the_end_in_a_fiber check 'AddressSanitizer: use-after-poison'
    expect $asan write_beyond_shared_memory fast 'runtime error: index 64 out of bounds'
    expect $asan write_beyond_shared_memory check 'AddressSanitizer: use-after-poison'
    for device in fast check; do
        $asan/planted_errors no_error $device
        expect $asan read_freed_memory $device 'AddressSanitizer: heap-use-after-free'
        expect $asan overflow_a_signed_integer $device 'runtime error: signed integer overflow'
        expect $asan leak_memory $device 'LeakSanitizer: detected memory leaks'
        expect $asan leak_device_memory $device 'LeakSanitizer: detected memory leaks' cuMemAlloc_v2
    done
}

planted_for_thread() {
    build $tsan planted_errors
    SOFTCUDA_WORKERS=3 $tsan/planted_errors no_error fast
    expect $tsan race_between_blocks fast 'ThreadSanitizer: data race'
}

values='FullyQualifiedName~OpTableTests.Values|FullyQualifiedName~OpTableTests.Check_device|FullyQualifiedName~HardPoint'
no_planted_errors='FullyQualifiedName!~A_write_past_the_end' # a test of the guard zones, which AddressSanitizer would end
first_derivatives='FullyQualifiedName~OpTableTests.First_derivative'
fused_step='FullyQualifiedName~FusedTraining'

part() {
    case $1 in
        address) address $(cd native/tests && ls ./*_test.cpp | sed 's/.*\///; s/\.cpp//') ;;
        dotnet) dotnet_tests Tensors && dotnet_tests Interop "$no_planted_errors" && dotnet_tests Nn "$fused_step" ;;
        thread) thread ;;
        planted) planted_for_address && planted_for_thread ;;
        all)
            part address && part dotnet && part planted && part thread
            echo "run: every C++ test, .NET tests of tensors and bindings, the fused step, planted errors; every kernel of the fast device for races"
            ;;
        sample)
            address kernels_test warp_test ptx_test
            planted_for_address
            dotnet_tests Tensors "$values|$first_derivatives"
            dotnet_tests Nn "$fused_step"
            echo "run: every kernel, op table (values, hard points, first derivatives, check device), fused step, planted errors;" \
                "left to test --full: BLAS, LAPACK and math tests, second derivatives, other .NET tests, ThreadSanitizer"
            ;;
        *) sed -n '2,9s/^# //p' "$0" >&2 && exit 2 ;;
    esac
}

for name in asan tsan; do
    library $name > /dev/null || { echo "no sanitizers here: $cxx has no lib$name (Debian: libgcc-N-dev, Fedora: lib$name)"; exit 77; }
done
for name in "${@:-all}"; do part "$name"; done
