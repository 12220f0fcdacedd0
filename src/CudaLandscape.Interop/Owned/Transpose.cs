namespace CudaLandscape.Interop;

/// <summary>What is done to a matrix before it is used; the numbers are those of cublasOperation_t.</summary>
public enum Transpose
{
    /// <summary>As it is stored (CUBLAS_OP_N).</summary>
    None = 0,

    /// <summary>Transposed (CUBLAS_OP_T).</summary>
    Transposed = 1,
}
