namespace CudaLandscape.Interop;

/// <summary>The three libraries of this process. With softcuda all three are one file.</summary>
/// <param name="Kind">Whose driver it is.</param>
/// <param name="CudaMajor">The CUDA version of the set, 12 or 13; 0 with softcuda.</param>
/// <param name="Driver">What answers for "cuda".</param>
/// <param name="Blas">What answers for "cublas".</param>
/// <param name="Solver">What answers for "cusolver".</param>
internal sealed record LibraryBinding(
    DeviceKind Kind, int CudaMajor, LibraryFile Driver, LibraryFile Blas, LibraryFile Solver);
