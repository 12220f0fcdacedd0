namespace CudaLandscape.KernelStudy;

/// <summary>What the device does at best, measured; the shares of other measurements refer to it.</summary>
/// <param name="CopyGigabytes">GB/s of a device-to-device copy, read and written bytes together; the better of two ways.</param>
/// <param name="Gemm32">GFLOP/s of cuBLAS' float32 matrix product.</param>
/// <param name="Gemm64">GFLOP/s of its float64 product.</param>
internal sealed record Ceilings(double CopyGigabytes, double Gemm32, double Gemm64)
{
    /// <summary>GFLOP/s of a type's matrix product.</summary>
    public double Gemm(Tensors.DType type) => type == Tensors.DType.Float32 ? Gemm32 : Gemm64;
}
