# shellcheck shell=bash disable=SC2154
# What build.sh needs of the machine, and how it runs and reports a step. Sourced by build.sh.

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
