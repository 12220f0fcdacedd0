# shellcheck shell=bash disable=SC2154
# Building: native code and .NET, again only what changed. Sourced by build.sh.

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
    local sources=("$root"/native "$root"/src "$root"/Directory.*.props "$root"/build.sh "$root"/scripts)
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
    local sources=("$root"/native "$root"/src "$root"/tests "$root"/benchmarks "$root"/*.sln "$root"/Directory.*.props "$root"/build.sh "$root"/scripts)
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
