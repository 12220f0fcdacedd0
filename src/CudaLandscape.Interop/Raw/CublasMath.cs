namespace CudaLandscape.Interop;

/// <summary>cublasMath_t: without TF32 in single precision unless it is asked for.</summary>
internal enum CublasMath
{
    CUBLAS_DEFAULT_MATH = 0,
    CUBLAS_PEDANTIC_MATH = 2,
    CUBLAS_TF32_TENSOR_OP_MATH = 3,
}
