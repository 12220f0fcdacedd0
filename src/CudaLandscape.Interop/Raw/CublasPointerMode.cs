namespace CudaLandscape.Interop;

/// <summary>cublasPointerMode_t: where alpha, beta and scalar results lie.</summary>
internal enum CublasPointerMode
{
    CUBLAS_POINTER_MODE_HOST = 0,
    CUBLAS_POINTER_MODE_DEVICE = 1,
}
