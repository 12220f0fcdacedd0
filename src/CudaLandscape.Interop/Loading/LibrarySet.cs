namespace CudaLandscape.Interop;

/// <summary>The file names of one CUDA major version; the libraries of two sets are never mixed.</summary>
/// <param name="Major">12 or 13.</param>
/// <param name="Cublas">cuBLAS.</param>
/// <param name="Cusolver">cuSOLVER, whose own number is one behind.</param>
/// <param name="BlasNeeds">What is loaded before cuBLAS.</param>
/// <param name="SolverNeeds">What is loaded between cuBLAS and cuSOLVER.</param>
internal sealed record LibrarySet(
    int Major, string Cublas, string Cusolver, IReadOnlyList<string> BlasNeeds, IReadOnlyList<string> SolverNeeds)
{
    /// <summary>A driver of CUDA 13 runs both sets, the newer first; an older one only CUDA 12.</summary>
    internal static IReadOnlyList<LibrarySet> ForDriver(int driverVersion, bool windows) =>
        driverVersion >= 13000 ? [Of(13, windows), Of(12, windows)] : [Of(12, windows)];

    internal static LibrarySet Of(int major, bool windows) => windows
        ? new LibrarySet(
            major, $"cublas64_{major}.dll", $"cusolver64_{major - 1}.dll",
            [$"cublasLt64_{major}.dll"], [$"nvJitLink_{major}0_0.dll", "cusparse64_12.dll"])
        : new LibrarySet(
            major, $"libcublas.so.{major}", $"libcusolver.so.{major - 1}",
            [$"libcublasLt.so.{major}"], [$"libnvJitLink.so.{major}", "libcusparse.so.12"]);

    /// <summary>The driver itself, the same for both sets.</summary>
    internal static string DriverName(bool windows) => windows ? "nvcuda.dll" : "libcuda.so.1";
}
