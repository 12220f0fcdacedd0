#!/usr/bin/env bash
# CudaLandscape: builds, tests and runs everything. Needs Debian or Ubuntu and the .NET SDK 10; missing Debian packages are
# installed when started as root, and named otherwise. NVIDIA's nvcc is used where it is found, and not needed.
set -euo pipefail

usage() {
    cat << 'END'
usage: ./build.sh VERB [...]

  build                      native code and all projects (again only what changed)
  test [--full]              build, PTX check, C++ tests, a sample under the sanitizers, .NET tests, then a bundle unpacked
                             elsewhere and checked on the CPU; --full adds the long tests (many minutes)
  run [EXPERIMENT] [OPTION]  run an experiment: table2 where none is named, its quick preset unless --preset paper
  doctor                     show the libraries and devices found, every place looked at, and run one kernel
  bench [OPTION]             the benchmarks
  bundle [--data DIR]        artifacts/bundle.tar.gz: runs on a machine with a GPU and nvcc, without .NET and network, by
                             gpu-check.sh; with the four MNIST files of DIR (or of CUDALANDSCAPE_DATA)
  help                       this

FATBIN_ARCH (all, native or numbers as "80 90") says what nvcc compiles for; without it native where there is a GPU, else all.
END
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
artifacts=$root/artifacts
logs=$artifacts/logs
program=$artifacts/bin/CudaLandscape.Experiments/release/cudalandscape.dll

build_packages=(g++ cmake make libopenblas-openmp-dev libboost-context-dev)
test_packages=(clang-19)

say() { printf '%s\n' "$*" >&2; }
die() { say "build.sh: $*"; exit 1; }

for part in tools build test test_bundle bundle; do
    # shellcheck source=/dev/null
    . "$root/scripts/$part.sh"
done

no_arguments() { [ "$1" -eq 0 ] || { usage >&2; exit 2; }; }

verb_build() {
    no_arguments $#
    build_all
}

verb_run() {
    case ${1:-} in
        kernel | roofline | ceilings | ratios) study "$@" ;;
        '') set -- table2 ;;
        -h | --help | '-?' | --version) ;;
        -*) set -- table2 "$@" ;;
    esac
    build_program
    export CUDALANDSCAPE_COMMAND="$0 run" # how messages name the program
    exec dotnet "$program" "$@"
}

# study COMMAND...: the program that looks at kernels.
study() {
    local name=CudaLandscape.KernelStudy
    build_program
    step '.NET: build of the kernel study' kernelstudy.log dotnet build "$root/benchmarks/$name" "${msbuild[@]}"
    export CUDALANDSCAPE_COMMAND="$0 run"
    exec dotnet "$artifacts/bin/$name/release/kernelstudy.dll" "$@"
}

verb_doctor() {
    no_arguments $#
    build_program
    exec dotnet "$program" doctor
}

verb_test() {
    local full=no
    case $# in
        0) ;;
        *) [ "$*" = --full ] || { usage >&2; exit 2; }; full=yes ;;
    esac
    trap clean_up EXIT
    need_packages "${build_packages[@]}" "${test_packages[@]}"
    build_all
    configure "$artifacts/native"
    test_ptx
    test_native
    if [ $full = no ]; then test_programs "${sample_tests[@]}"; else test_programs "${full_tests[@]}"; fi
    test_dotnet
    test_by_ptx
    test_examples
    test_bundle
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

verb_bench() {
    local project=$root/benchmarks/CudaLandscape.Benchmarks
    build_program
    step '.NET: build of the benchmarks' benchmarks.log dotnet build "$project" "${msbuild[@]}"
    exec dotnet run -c Release --no-build --project "$project" -- "$@"
}

verb_bundle() {
    local data=${CUDALANDSCAPE_DATA:-}
    case $# in
        0) ;;
        2) [ "$1" = --data ] || { usage >&2; exit 2; }; data=$2 ;;
        *) usage >&2; exit 2 ;;
    esac
    [ -z "$data" ] || [ -d "$data" ] || die "bundle: $data is no folder"
    build_all
    make_bundle "$data"
}

verb=${1:-}
case $verb in
    build | test | run | bench | bundle | doctor)
        shift
        find_tools
        "verb_$verb" "$@"
        ;;
    help | -h | --help) usage ;;
    *)
        [ -z "$verb" ] || say "build.sh: no such verb: $verb"
        usage >&2
        exit 2
        ;;
esac
