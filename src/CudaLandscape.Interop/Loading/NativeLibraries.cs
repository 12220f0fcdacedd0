using System.Globalization;

namespace CudaLandscape.Interop;

/// <summary>What this process has loaded, for reports.</summary>
public static class NativeLibraries
{
    private static int cublasVersion;

    /// <summary>Every attempt to find a library, in order.</summary>
    public static IReadOnlyList<LibraryProbe> Probes => NativeLibraryResolver.Probes;

    /// <summary>Binds the libraries if none are, and tells their files and versions.</summary>
    /// <exception cref="DeviceUnavailableException">None can be had.</exception>
    public static IReadOnlyList<LoadedLibrary> Describe()
    {
        LibraryBinding binding = NativeLibraryResolver.Bind(null);
        int cublas = Volatile.Read(ref cublasVersion);
        return
        [
            Loaded("driver", binding.Driver, Dotted(DeviceQueries.DriverVersion())),
            Loaded("cublas", binding.Blas, cublas == 0 ? Set(binding) : Number(cublas)),
            Loaded("cusolver", binding.Solver, Number(SolverVersion())),
        ];
    }

    /// <summary>cuBLAS tells its version to a handle only: the first handle leaves it here.</summary>
    internal static void RememberCublasVersion(int version) => Volatile.Write(ref cublasVersion, version);

    private static unsafe int SolverVersion()
    {
        int version = 0;
        CusolverNative.cusolverGetVersion(&version).ThrowIfFailed();
        return version;
    }

    private static string Set(LibraryBinding binding) =>
        binding.Kind == DeviceKind.Soft ? "of softcuda" : $"of CUDA {binding.CudaMajor}";

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static LoadedLibrary Loaded(string library, LibraryFile file, string version) =>
        new(library, LoadedFiles.PathOf(file.Path), version);

    private static string Dotted(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");
}
