# shellcheck shell=bash disable=SC2034,SC2154
# What gpu-check.sh finds on the machine: nvcc, compute-sanitizer, Python, and .NET and libraries of the bundle. Sourced by it.

first_existing() { local path; for path; do [ ! -f "$path" ] || { echo "$path"; return; }; done; }
first_of() { local path; for path; do [ ! -x "$path" ] || { echo "$path"; return; }; done; }
sanitizer=$(command -v compute-sanitizer || first_of "${CUDA_PATH:+$CUDA_PATH/bin/compute-sanitizer}" /usr/local/cuda/bin/compute-sanitizer)
[ $soft = no ] || sanitizer=
nvcc=$(command -v nvcc || first_of "${CUDA_PATH:+$CUDA_PATH/bin/nvcc}" "${CUDA_HOME:+$CUDA_HOME/bin/nvcc}" /usr/local/cuda/bin/nvcc)
python=$(command -v python3 || true)
[ -z "$python" ] || python=$("$python" -c 'import sys; print(sys.executable)' 2>/dev/null || echo "$python")
has_torch() { [ -n "$python" ] && "$python" -c 'import importlib.util as u, sys; sys.exit(u.find_spec("torch") is None)' 2>/dev/null; }

dotnet=$here/dotnet/dotnet
export DOTNET_ROOT=$here/dotnet PATH=$here/dotnet:$PATH
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -d "${HOME:-/nonexistent}" ] && [ -w "$HOME" ] || { export HOME=$results/home; mkdir -p "$HOME"; }

# What softcuda is linked with; and OpenSSL, which .NET needs for its hashes, where the machine has none.
libraries=$here/lib
has_openssl() { { ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -qE 'libssl\.so\.(3|1\.1)'; }
has_openssl || libraries+=:$here/lib/openssl
run_dotnet() { LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} timeout -k 5 "$budget" "$dotnet" "$@"; }

kernels=$results/kernels.fatbin
if [ $soft = yes ]; then
    export CUDALANDSCAPE_DEVICE=soft
else
    export CUDALANDSCAPE_DEVICE=${CUDALANDSCAPE_DEVICE:-cuda:0}
    export CUDALANDSCAPE_KERNELS=${CUDALANDSCAPE_KERNELS:-$kernels}
    [ -z "$python" ] || export CUDALANDSCAPE_PYTHON=${CUDALANDSCAPE_PYTHON:-$python}
fi
if [ -d "$here/data/mnist" ]; then export CUDALANDSCAPE_DATA=${CUDALANDSCAPE_DATA:-$here/data/mnist}; fi

# Our sides of the comparisons.
benchmarks=$(first_existing "$here"/app/CudaLandscape.Benchmarks.dll "$here"/app-CudaLandscape.Benchmarks/CudaLandscape.Benchmarks.dll)

# smi FIELDS: of every GPU.
smi() { { timeout 20 nvidia-smi --query-gpu="$1" --format=csv,noheader 2>/dev/null || true; } | paste -sd, | sed 's/,/, /g'; }
