# CudaLandscape on Windows: the verbs of build.sh by the same steps (CMake and dotnet).
#
# Tried on Linux only (`run`, `doctor`, wrong verbs, by the PowerShell 7.6 engine), never on Windows. softcuda is written for g++ (OpenBLAS,
# Boost.Context and OpenMP have to be found by CMake, as in MSYS2's UCRT64); without them only NVIDIA's own libraries can be used, with
# kernels made by nvcc. Under WSL 2 build.sh is the better way.
#
# usage: .\build.ps1 build | test | run [EXPERIMENT] [OPTION] | doctor | bench | bundle | help
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$native = Join-Path $root 'artifacts/native'
$program = Join-Path $root 'artifacts/bin/CudaLandscape.Experiments/release/cudalandscape.dll'
$verb, $rest = $args
$rest = @($rest | Where-Object { $null -ne $_ })

function Usage { Get-Content $PSCommandPath | Select-Object -Skip 6 -First 1 | ForEach-Object { $_.TrimStart('# ') } }

# Runs a command with its output on the error stream, so that standard output has results only.
function Invoke-Step([string] $Text, [scriptblock] $Command) {
    [Console]::Error.WriteLine($Text)
    & $Command 2>&1 | ForEach-Object { [Console]::Error.WriteLine("$_") }
    if ($LASTEXITCODE -ne 0) { [Console]::Error.WriteLine("build.ps1: $Text failed (exit code $LASTEXITCODE)"); exit 1 }
}

function Build-Native([string[]] $Targets) {
    if (-not (Get-Command cmake -ErrorAction SilentlyContinue) -or -not (Get-Command g++ -ErrorAction SilentlyContinue)) {
        [Console]::Error.WriteLine('native: no cmake and g++ (MSYS2) here, so no softcuda; going on')
        return
    }
    $options = if (Test-Path "$native/CMakeCache.txt") { @() } else { @('-G', 'MinGW Makefiles') }
    Invoke-Step 'native: configure' { cmake -S "$root/native" -B $native -DCMAKE_BUILD_TYPE=Release @options }
    Invoke-Step 'native: build' { cmake --build $native -j $env:NUMBER_OF_PROCESSORS @Targets }
}

function Build-Program {
    Build-Native @('--target', 'softcuda')
    Invoke-Step '.NET: build' { dotnet build "$root/src/CudaLandscape.Experiments" -c Release -v quiet --nologo }
}

function Build-All {
    Build-Native @()
    Invoke-Step '.NET: build' { dotnet build "$root/CudaLandscape.sln" -c Release -v quiet --nologo }
}

switch ($verb) {
    'build' { Build-All }
    'run' {
        if ($rest.Count -eq 0) { $rest = @('table2') }
        elseif ($rest[0] -like '-*' -and $rest[0] -notin '-h', '--help', '-?', '--version') { $rest = @('table2') + $rest }
        Build-Program
        if ($rest[0] -in 'kernel', 'roofline', 'ceilings', 'ratios') {
            Invoke-Step '.NET: build of the kernel study' { dotnet build "$root/benchmarks/CudaLandscape.KernelStudy" -c Release -v quiet --nologo }
            $program = Join-Path $root 'artifacts/bin/CudaLandscape.KernelStudy/release/kernelstudy.dll'
        }
        $env:CUDALANDSCAPE_COMMAND = './build.ps1 run' # how messages name the program
        & dotnet $program @rest
        exit $LASTEXITCODE
    }
    'doctor' {
        Build-Program
        & dotnet $program doctor
        exit $LASTEXITCODE
    }
    'test' {
        Build-All
        $wrong = 0
        if (Test-Path "$native/CTestTestfile.cmake") {
            ctest --test-dir $native --output-on-failure
            if ($LASTEXITCODE -ne 0) { $wrong = 1 }
        }
        dotnet test "$root/CudaLandscape.sln" -c Release --no-build -m:1
        if ($LASTEXITCODE -ne 0) { $wrong = 1 }
        exit $wrong
    }
    'bench' {
        $project = "$root/benchmarks/CudaLandscape.Benchmarks"
        Build-Program
        & dotnet run -c Release --project $project -- @rest
        exit $LASTEXITCODE
    }
    'bundle' { [Console]::Error.WriteLine('build.ps1: the bundle is for Linux; make it with build.sh'); exit 1 }
    { $_ -in 'help', '-h', '--help' } { Usage }
    default { [Console]::Error.WriteLine((Usage)); exit 2 }
}
