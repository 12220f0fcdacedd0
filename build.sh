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
bundle_limit=$((60 * 1024 * 1024))
test_limit=${TEST_SECONDS:-1800} # for one test project

# Further programs of `test`, and of `test --full` in their place, as seen from artifacts/native.
sample_tests=('../../native/sanitize.sh sample')
full_tests=('math_test --full' '../../native/sanitize.sh all' '../../tests/crash/crash_sweep.sh' '../../tests/crash/unit_kills.sh'
    '../../tests/slurm/sweep_on_slurm.sh')

build_packages=(g++ cmake make libopenblas-openmp-dev libboost-context-dev)
test_packages=(clang-19)

say() { printf '%s\n' "$*" >&2; }
die() { say "build.sh: $*"; exit 1; }

# ---- tools ----------------------------------------------------------------------------------------------------------------

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
msbuild=(-c Release -v quiet --nologo)
[ -z "${CI:-}" ] || export MSBUILDDISABLENODEREUSE=1 # nothing is left running after a CI job

place= # where the bundle is checked
clean_up() {
    [ -z "$place" ] || rm -rf "$place"
    [ -z "${CI:-}" ] || dotnet build-server shutdown --vbcscompiler > /dev/null 2>&1 || true
}

find_tools() {
    local path
    nvcc=$(command -v nvcc || true)
    for path in "${CUDA_PATH:-}" "${CUDA_HOME:-}" /usr/local/cuda; do
        if [ -z "$nvcc" ] && [ -n "$path" ] && [ -x "$path/bin/nvcc" ]; then nvcc=$path/bin/nvcc; fi
    done
    if [ -n "$nvcc" ] && [ -z "${FATBIN_ARCH:-}" ]; then
        FATBIN_ARCH=all
        if nvidia-smi -L > /dev/null 2>&1; then FATBIN_ARCH=native; fi
    fi
    export FATBIN_ARCH=${FATBIN_ARCH:-all}

    if ! command -v dotnet > /dev/null; then
        for path in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
            if [ -n "$path" ] && [ -x "$path/dotnet" ]; then PATH=$path:$PATH; break; fi
        done
    fi
}

need_dotnet() {
    { dotnet --list-sdks 2> /dev/null || true; } | grep -q '^10\.' || die "the .NET SDK 10 is not here. Install it from\
 https://dotnet.microsoft.com/download/dotnet/10.0 and have 'dotnet' on PATH (or its folder in DOTNET_ROOT); here is:\
 $({ dotnet --list-sdks 2> /dev/null || true; } | cut -d' ' -f1 | paste -sd' ' | grep . || echo 'no SDK at all')"
}

# Debian packages that are missing are installed by root; anyone else is told the command. A tool got otherwise counts as well.
need_packages() {
    local package missing=() tool
    for package; do
        tool=$package
        [ "$package" != clang-19 ] || tool=clang++-19
        case $package in lib*) tool= ;; esac
        if [ -n "$tool" ] && command -v "$tool" > /dev/null; then continue; fi
        if [ -z "$tool" ] && ! command -v dpkg-query > /dev/null; then continue; fi # not Debian: CMake looks for it
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)" != installed ]; then missing+=("$package"); fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get > /dev/null || die "missing, under Debian's names: ${missing[*]}. Install them and start again."
    if [ "$(id -u)" -ne 0 ]; then
        say "build.sh: packages are missing. Type this, and start again:"
        say "  sudo apt-get update && sudo apt-get install -y ${missing[*]}"
        exit 1
    fi
    step "apt-get install ${missing[*]}" apt.log install_packages "${missing[@]}"
}

install_packages() {
    local options=(-y -q -o DPkg::Lock::Timeout=120 --no-install-recommends)
    export DEBIAN_FRONTEND=noninteractive
    apt-get install "${options[@]}" "$@" || { apt-get update -q && apt-get install "${options[@]}" "$@"; }
}

# step TEXT LOG COMMAND...: says what is begun and runs it with its output in the log; then shows the time, or the log's end on failure.
step() {
    local text=$1 log=$logs/$2 begin=$SECONDS
    shift 2
    mkdir -p "$logs"
    printf '%s ... ' "$text" >&2
    if "$@" > "$log" 2>&1 < /dev/null; then
        say "$((SECONDS - begin)) s"
    else
        local rc=$?
        say 'failed'
        tail -n 60 "$log" >&2
        die "$text failed (exit code $rc); the whole log is $log"
    fi
}

# ---- building -------------------------------------------------------------------------------------------------------------

# What a build depends on besides the sources. -march=native is in it: folders copied to another machine are built anew.
fingerprint() {
    local head=none
    head=$(git -C "$root" rev-parse HEAD 2> /dev/null) || true
    printf '%s\n' "$root" "$head" "${nvcc:-no nvcc}" "$FATBIN_ARCH" "$(processor)"
}

processor() { grep -m1 '^flags' /proc/cpuinfo | cksum; }

# fresh STAMP PATH...: nothing under the paths, a deletion neither, is newer than the stamp of the last successful build.
fresh() {
    local stamp=$1
    shift
    [ -f "$stamp" ] && [ -f "$program" ] && [ -f "$artifacts/native/libsoftcuda.so" ] || return 1
    [ "$(< "$stamp")" = "$(fingerprint)" ] || return 1
    [ -z "$(find "$@" -newer "$stamp" -print -quit)" ]
}

# configure FOLDER [CMAKE OPTION...]: once, and again when a tool came or went. Another processor or place: all anew.
configure() {
    local folder=$1 place tools
    shift
    place="$root $(processor) $*"
    tools="${nvcc:-} $(command -v clang++-19 || true)"
    if [ -f "$folder/.place" ] && [ "$(< "$folder/.place")" != "$place" ]; then rm -rf "$folder"; fi
    if [ -f "$folder/CMakeCache.txt" ] && [ -f "$folder/.tools" ] && [ "$(< "$folder/.tools")" = "$tools" ]; then return; fi
    step 'native: configure' "$(basename "$folder")-configure.log" \
        cmake -S "$root/native" -B "$folder" -DCMAKE_BUILD_TYPE=Release -U NVCC -U CLANG_CUDA "$@"
    echo "$place" > "$folder/.place"
    echo "$tools" > "$folder/.tools"
}

# native [TARGET...]: into artifacts/native.
native() {
    need_packages "${build_packages[@]}"
    if [ -z "$nvcc" ]; then
        say 'native: no nvcc here, so no kernels for a GPU; going on, softcuda runs everything on the CPU'
    elif [ $# -gt 0 ] && [ "$1" = softcuda ]; then
        set -- "$@" fatbin
    fi
    configure "$artifacts/native"
    local arch=$artifacts/native/.fatbin-arch # CMake does not see the variable change
    if [ ! -f "$arch" ] || [ "$(< "$arch")" != "$FATBIN_ARCH" ]; then rm -f "$artifacts/native/kernels.fatbin"; fi
    echo "$FATBIN_ARCH" > "$arch"
    step 'native: build' native.log cmake --build "$artifacts/native" -j "$(nproc)" ${@:+--target "$@"}
}

build_program() {
    local stamp=$artifacts/.built-program
    local sources=("$root"/native "$root"/src "$root"/Directory.*.props "$root"/build.sh)
    if fresh "$stamp" "${sources[@]}"; then return; fi
    need_dotnet
    mkdir -p "$logs"
    fingerprint > "$stamp.part"
    native softcuda
    step '.NET: build' dotnet.log dotnet build "$root/src/CudaLandscape.Experiments/CudaLandscape.Experiments.csproj" "${msbuild[@]}"
    mv "$stamp.part" "$stamp"
}

build_all() {
    local stamp=$artifacts/.built-all
    local sources=("$root"/native "$root"/src "$root"/tests "$root"/benchmarks "$root"/*.sln "$root"/Directory.*.props "$root"/build.sh)
    if fresh "$stamp" "${sources[@]}"; then
        say 'build: nothing changed'
        return
    fi
    need_dotnet
    mkdir -p "$logs"
    fingerprint > "$stamp.part"
    native
    step '.NET: build' dotnet.log dotnet build "$root/CudaLandscape.sln" "${msbuild[@]}"
    cp -p "$stamp.part" "$artifacts/.built-program"
    mv "$stamp.part" "$stamp"
}

# ---- tests ----------------------------------------------------------------------------------------------------------------

passed=0 failed=0 skipped=0

# tally NAME PASSED FAILED SKIPPED SECONDS [REMARK]
tally() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    printf '%-36s %5d passed %4d failed %4d skipped %5d s  %s\n' "$@"
}

ptx_check() {
    cmake --build "$artifacts/native" -j "$(nproc)" --target ptx || return
    # The one source that nvcc gets, all kernels together, as well.
    local unity=$artifacts/native/ptx/all.cu
    bash "$root/native/fatbin.sh" --unity "$unity" || return
    clang++-19 -x cuda --cuda-device-only --cuda-gpu-arch=sm_90a --cuda-feature=+ptx78 -nocudainc -nocudalib -std=c++17 -O1 -ffp-contract=off \
        -Wno-unknown-cuda-version -I"$root/native/include" -S "$unity" -o "${unity%.cu}.ptx"
}

test_ptx() {
    local begin=$SECONDS
    if ptx_check > "$logs/ptx.log" 2>&1; then
        say "PTX of every kernel by clang: $((SECONDS - begin)) s"
    else
        tail -n 60 "$logs/ptx.log" >&2
        tally 'PTX by clang' 0 1 0 $((SECONDS - begin)) "see $logs/ptx.log"
    fi
}

test_native() {
    local begin=$SECONDS rc=0 log=$logs/ctest.log all bad idle
    ctest --test-dir "$artifacts/native" --output-on-failure > "$log" 2>&1 < /dev/null || rc=$?
    bad=$(sed -nE 's/.* tests passed, ([0-9]+) tests failed out of ([0-9]+).*/\1/p' "$log")
    all=$(sed -nE 's/.* tests passed, ([0-9]+) tests failed out of ([0-9]+).*/\2/p' "$log")
    idle=$(grep -cE '\*\*\*(Skipped|Not Run)' "$log" || true)
    [ "${bad:-0}" -eq 0 ] || tail -n 60 "$log" >&2
    if [ "${all:-0}" -eq 0 ]; then
        tally 'C++' 0 1 0 $((SECONDS - begin)) "no test was executed; see $log"
    elif [ $rc -ne 0 ] && [ "$bad" -eq 0 ]; then
        tally 'C++' $((all - idle)) 1 "$idle" $((SECONDS - begin)) "ctest: exit code $rc; see $log"
    else
        tally 'C++' $((all - bad - idle)) "$bad" "$idle" $((SECONDS - begin))
    fi
}

# A program answers 77 where what it needs is missing: skipped, but a failure in CI. Its last line, "run: ...", is shown.
test_programs() {
    local line begin rc log remark
    configure "$artifacts/native-asan" -DSOFTCUDA_SANITIZE=address,undefined
    [ $full = no ] || configure "$artifacts/native-tsan" -DSOFTCUDA_SANITIZE=thread
    for line; do
        begin=$SECONDS rc=0 log=$logs/${line//[^a-z0-9_]/_}.log
        # shellcheck disable=SC2086
        (cd "$artifacts/native" && ./$line) > "$log" 2>&1 < /dev/null || rc=$?
        remark=$(tail -n 1 "$log")
        if [ $rc -eq 0 ]; then
            case $remark in run:*) ;; *) remark= ;; esac
            tally "${line##*/}" 1 0 0 $((SECONDS - begin)) "$remark"
        elif [ $rc -eq 77 ] && [ -z "${CI:-}" ]; then
            tally "${line##*/}" 0 0 1 $((SECONDS - begin)) "NOT RUN: $remark"
        else
            tail -n 40 "$log" >&2
            tally "${line##*/}" 0 1 0 $((SECONDS - begin)) "exit code $rc; see $log"
        fi
    done
}

counter() { { grep -o '<Counters [^>]*>' "$1" 2> /dev/null || true; } | sed -nE "s/.* $2=\"([0-9]+)\".*/\1/p" | head -n1 | grep . || echo 0; }

# One project after the other: they share the device and the two cores.
test_dotnet() {
    local project name dll begin rc all ran good remark
    for project in "$root"/tests/*.Tests/*.csproj; do
        name=$(basename "$project" .csproj)
        dll=$artifacts/bin/$name/release/$name.dll
        begin=$SECONDS rc=0 remark=
        if ! grep -q "$name.csproj" "$root/CudaLandscape.sln" || [ ! -f "$dll" ]; then
            tally "$name" 0 1 0 0 'it is not built: CudaLandscape.sln does not name it'
            continue
        fi
        rm -f "$logs/$name.trx"
        timeout -k 10 "$test_limit" dotnet test "$dll" --results-directory "$logs" --logger "trx;LogFileName=$name.trx" \
            --logger 'console;verbosity=minimal' > "$logs/$name.log" 2>&1 < /dev/null || rc=$?
        all=$(counter "$logs/$name.trx" total) ran=$(counter "$logs/$name.trx" executed) good=$(counter "$logs/$name.trx" passed)
        if [ "$ran" -eq 0 ]; then remark='no test was executed'; fi
        if [ $rc -eq 124 ] || [ $rc -eq 137 ]; then remark="out of time ($test_limit s)"; fi
        if [ $rc -ne 0 ] || [ "$ran" -ne "$good" ] || [ "$ran" -eq 0 ]; then
            grep -v '\[SKIP\]\|^  Skipped ' "$logs/$name.log" | tail -n 60 >&2
            remark="${remark:-exit code $rc}; see $logs/$name.log"
            # Something failed, even where no single test says so.
            [ "$ran" -ne "$good" ] || { tally "$name" "$good" 1 $((all - ran)) $((SECONDS - begin)) "$remark"; continue; }
        fi
        tally "$name" "$good" $((ran - good)) $((all - ran)) $((SECONDS - begin)) "$remark"
    done
}

test_examples() {
    local example begin rc log
    for example in "$root"/examples/*.cs; do
        begin=$SECONDS rc=0 log=$logs/$(basename "$example" .cs).log
        dotnet run -c Release "$example" > "$log" 2>&1 < /dev/null || rc=$?
        if [ $rc -eq 0 ] && [ -s "$log" ]; then
            tally "${example##*/}" 1 0 0 $((SECONDS - begin)) "$(tail -n 1 "$log")"
        else
            tail -n 40 "$log" >&2
            tally "${example##*/}" 0 1 0 $((SECONDS - begin)) "exit code $rc; see $log"
        fi
    done
}

# The bundle in another place, with no dotnet on PATH and an empty environment, on softcuda; each part counts as one test.
test_bundle() {
    local begin=$SECONDS rc=0 log=$logs/bundle-check.log results file bin
    if ! CI='' CUDALANDSCAPE_DATA='' bash "$root/build.sh" bundle; then
        tally 'bundle' 0 1 0 $((SECONDS - begin)) 'it cannot be made'
        return
    fi
    place=$(mktemp -d)
    tar -C "$place" -xzf "$artifacts/bundle.tar.gz"
    bin=$place/bin
    mkdir "$bin" "$place/home"
    for file in /usr/bin/* /bin/*; do
        case ${file##*/} in dotnet | nvcc) ;; *) [ -e "$bin/${file##*/}" ] || ln -s "$file" "$bin/" ;; esac
    done
    results=$logs/bundle-results
    rm -rf "$results"
    env -i PATH="$bin" HOME="$place/home" GPU_CHECK_RESULTS="$results" GPU_CHECK_SECONDS=1500 \
        bash "$place/bundle/gpu-check.sh" all --soft > "$log" 2>&1 < /dev/null || rc=$?
    local good bad
    good=$(grep -cE '^[a-z0-9]+: ok,' "$log" || true) bad=$(grep -cE '^[a-z0-9]+: FAILED,' "$log" || true)
    [ $rc -eq 0 ] || tail -n 40 "$log" >&2
    if [ $rc -ne 0 ] && [ "$bad" -eq 0 ] || [ "$good" -eq 0 ]; then bad=$((bad + 1)); fi
    tally 'bundle, unpacked elsewhere' "$good" "$bad" 0 $((SECONDS - begin)) "$(grep -E '^suite:' "$log" || true)"
}

# ---- the bundle -----------------------------------------------------------------------------------------------------------

make_bundle() {
    local data=$1 bundle=$artifacts/bundle file name project target
    configure "$artifacts/native-bundle" -DSOFTCUDA_ARCH=x86-64-v3
    step 'bundle: softcuda for x86-64-v3' native-bundle.log cmake --build "$artifacts/native-bundle" -j "$(nproc)" --target softcuda
    rm -rf "$artifacts/publish" "$bundle" "$artifacts/bundle.tar.gz"
    step 'bundle: publish' publish.log dotnet publish "$root/CudaLandscape.sln" --no-build -m:1 "${msbuild[@]}"
    mkdir -p "$bundle/app" "$bundle/lib/openssl"

    # The program and the tests share one folder; a project whose assemblies differ from those there gets one of its own.
    for project in Experiments KernelStudy Benchmarks $(cd "$root/tests" && ls -d ./*.Tests | sed 's/.*CudaLandscape\.//'); do
        name=CudaLandscape.$project
        target=$bundle/app unwanted=()
        [ $project != Benchmarks ] || unwanted=("${only_benchmarkdotnet[@]}")
        agrees "$artifacts/publish/$name/release" "$target" || target=$bundle/app-$name
        mkdir -p "$target"
        (cd "$artifacts/publish/$name/release" && wanted . | xargs -0 cp -p --parents -t "$target")
        cp -p "$artifacts/native-bundle/libsoftcuda.so" "$target/"
    done

    copy_runtime "$bundle"
    copy_libraries "$bundle/lib"
    cp -r "$root/native" "$bundle/native"
    mkdir -p "$bundle/benchmarks"
    cp -r "$root/benchmarks/baselines" "$bundle/benchmarks/"
    rm -rf "$bundle/benchmarks/baselines/__pycache__"
    cp "$root/benchmarks/gpu-check.sh" "$bundle/"
    chmod +x "$bundle/gpu-check.sh" "$bundle/native/fatbin.sh"
    describe_commit > "$bundle/commit.txt"
    if [ -n "$data" ]; then
        mkdir -p "$bundle/data/mnist"
        for file in {train,t10k}-{images-idx3,labels-idx1}-ubyte.gz; do
            [ -f "$data/$file" ] || die "bundle: $data holds no $file"
            cp "$data/$file" "$bundle/data/mnist/"
        done
    fi

    step 'bundle: pack' pack.log pack "$bundle"
    local size
    size=$(stat -c %s "$artifacts/bundle.tar.gz")
    if [ "$size" -gt $bundle_limit ]; then
        say "bundle: $size bytes; leaving out OpenSSL, which most machines have"
        rm -rf "$bundle/lib/openssl"
        step 'bundle: pack again' pack.log pack "$bundle"
        size=$(stat -c %s "$artifacts/bundle.tar.gz")
    fi
    say "bundle: $artifacts/bundle.tar.gz, $(awk "BEGIN { printf \"%.1f\", $size / 1048576 }") MiB packed, $(du -sm "$bundle" | cut -f1) MiB unpacked"
    [ "$size" -le $bundle_limit ] || die "bundle: packed it is larger than $((bundle_limit / 1048576)) MiB"
}

pack() { tar -C "$artifacts" --sort=name --owner=0 --group=0 --numeric-owner -cf - "$(basename "$1")" | gzip -9 > "$artifacts/bundle.tar.gz"; }

# BenchmarkDotNet, 4 MiB packed: our sides of the comparisons do without it, and without the list that would ask for it.
only_benchmarkdotnet=('BenchmarkDotNet*' 'Microsoft.*' Iced.dll Perfolizer.dll CommandLine.dll Dia2Lib.dll TraceReloggerLib.dll 'Gee.*'
    System.CodeDom.dll System.Management.dll 'libcapstone.*' capstone.dll CudaLandscape.Benchmarks.deps.json)
unwanted=()

# wanted FOLDER: the files a program needs, test data in folders too; not coverage tools, translations and documentation, nor what
# `unwanted` names.
wanted() {
    local name without=()
    for name in ${unwanted[@]+"${unwanted[@]}"}; do without+=(! -name "$name"); done
    (cd "$1" && find . \( -name CodeCoverage -o -name amd64 -o -name alpine -o -name arm64 -o -name macos -o -name ubuntu -o -name x64 -o -name x86 \) \
        -prune -o -type f ! -name '*.xml' ! -name '*CodeCoverage*' ! -name '*TraceDataCollector*' ! -name 'Mono.Cecil*' \
        ! -name Microsoft.DiaSymReader.dll ! -name '*.resources.dll' ! -name '*.props' ! -name '*.targets' \
        ! -name ThirdPartyNotices.txt ! -name libsoftcuda.so ! -name kernels.fatbin ${without[@]+"${without[@]}"} -print0)
}

agrees() {
    local file
    while IFS= read -r -d '' file; do
        if [ -f "$2/$file" ] && ! cmp -s "$1/$file" "$2/$file"; then
            say "bundle: $file of $1 differs from the one there"
            return 1
        fi
    done < <(wanted "$1")
}

# The runtime of the SDK that built this, and what of that SDK runs a published test project (found by trying).
copy_runtime() {
    local sdk dotnet_home version name file
    version=$(dotnet --version)
    dotnet_home=$(dotnet --list-sdks | sed -nE "s/^${version//./\\.} \[(.*)\/sdk\]$/\1/p")
    sdk=$dotnet_home/sdk/$version
    version=$(sed -nE 's/.*"version": "(10\.[^"]*)".*/\1/p' "$sdk/vstest.console.runtimeconfig.json" | head -n1)
    [ -d "$dotnet_home/shared/Microsoft.NETCore.App/$version" ] || die "bundle: no runtime $version in $dotnet_home"
    mkdir -p "$1/dotnet/shared/Microsoft.NETCore.App" "$1/dotnet/host/fxr" "$1/vstest/Extensions"
    cp "$dotnet_home/dotnet" "$1/dotnet/"
    if [ -f "$dotnet_home/LICENSE.txt" ]; then cp "$dotnet_home"/LICENSE.txt "$dotnet_home"/ThirdPartyNotices.txt "$1/dotnet/"; fi
    cp -r "$dotnet_home/host/fxr/$version" "$1/dotnet/host/fxr/"
    cp -r "$dotnet_home/shared/Microsoft.NETCore.App/$version" "$1/dotnet/shared/Microsoft.NETCore.App/"
    # Debuggers' and tracers' libraries, spare collectors, Visual Basic, and what serves networks: 4 MiB packed. The host does
    # not mind. More is tempting and wrong: without System.Data.Common, say, Newtonsoft.Json and so vstest hangs.
    for name in libmscordaccore.so libmscordbi.so createdump libcoreclrtraceptprovider.so libclrgcexp.so libclrgc.so \
        Microsoft.VisualBasic.Core.dll System.Linq.AsyncEnumerable.dll System.Net.{Mail,Quic,HttpListener,WebSockets,WebSockets.Client}.dll; do
        rm -f "$1/dotnet/shared/Microsoft.NETCore.App/$version/$name"
    done
    for file in "$sdk"/vstest.console.{dll,runtimeconfig.json} "$sdk"/Microsoft.TestPlatform.*.dll \
        "$sdk"/Microsoft.VisualStudio.TestPlatform.*.dll "$sdk"/Microsoft.Extensions.{FileSystemGlobbing,DependencyModel}.dll \
        "$sdk"/NuGet.Frameworks.dll "$sdk"/Newtonsoft.Json.dll; do
        cp "$file" "$1/vstest/"
    done
    cp "$sdk"/Extensions/Microsoft.TestPlatform.TestHostRuntimeProvider.dll "$sdk"/Extensions/*.Trx.TestLogger.dll "$1/vstest/Extensions/"
}

# What softcuda is linked with, but for what every glibc system has; OpenSSL for machines without.
copy_libraries() {
    local file name
    ldd "$artifacts/native-bundle/libsoftcuda.so" | sed -nE 's/.* => (\/[^ ]*) .*/\1/p' | while read -r file; do
        case ${file##*/} in libc.so* | libm.so* | libdl.so* | librt.so* | libpthread.so* | libstdc++.so* | libgcc_s.so*) continue ;; esac
        cp -L "$file" "$1/"
    done
    for name in libssl.so.3 libcrypto.so.3; do
        file=$({ ldconfig -p || /sbin/ldconfig -p; } 2> /dev/null | sed -nE "s/.*$name .*x86-64.* => (.*)/\1/p" | head -n1)
        if [ -n "$file" ]; then cp -L "$file" "$1/openssl/"; fi
    done
}

describe_commit() {
    echo "commit $(git -C "$root" rev-parse HEAD 2> /dev/null || echo unknown)"
    echo "dirty $([ -z "$(git -C "$root" status --porcelain 2> /dev/null || echo unknown)" ] && echo no || echo yes)"
    echo "built $(date -u +%Y-%m-%dT%H:%M:%SZ)"
}

# ---- verbs ----------------------------------------------------------------------------------------------------------------

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
    exec dotnet "$program" "$@"
}

# study COMMAND...: the program that looks at kernels.
study() {
    local name=CudaLandscape.KernelStudy
    build_program
    step '.NET: build of the kernel study' kernelstudy.log dotnet build "$root/benchmarks/$name" "${msbuild[@]}"
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
