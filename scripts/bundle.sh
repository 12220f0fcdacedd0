# shellcheck shell=bash disable=SC2154
# The bundle: programs, tests, runtime and native sources in one archive for a machine without .NET and network. Sourced by build.sh.

bundle_limit=$((60 * 1024 * 1024))

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
        strip --strip-unneeded -o "$target/libsoftcuda.so" "$artifacts/native-bundle/libsoftcuda.so"
    done

    copy_runtime "$bundle"
    copy_libraries "$bundle/lib"
    cp -r "$root/native" "$bundle/native"
    mkdir -p "$bundle/benchmarks"
    cp -r "$root/benchmarks/baselines" "$root/benchmarks/gpu-check" "$bundle/benchmarks/"
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
    # Debuggers' and tracers' libraries, spare collectors, Visual Basic, what serves networks, and what nothing here calls: 6 MiB
    # packed. The host does not mind. More is tempting and wrong: without System.Data.Common, say, Newtonsoft.Json and so vstest hangs.
    for name in libmscordaccore.so libmscordbi.so createdump libcoreclrtraceptprovider.so libclrgcexp.so libclrgc.so \
        Microsoft.{CSharp,VisualBasic.Core}.dll System.Linq.{AsyncEnumerable,Parallel,Queryable}.dll System.Threading.Tasks.Dataflow.dll \
        System.Text.Encoding.CodePages.dll System.IO.IsolatedStorage.dll \
        System.Net.{Mail,Ping,Quic,HttpListener,WebClient,WebSockets,WebSockets.Client}.dll; do
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
