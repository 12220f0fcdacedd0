namespace CudaLandscape.Interop;

/// <summary>The members of CUjit_option that are passed here.</summary>
internal enum JitOption
{
    CU_JIT_ERROR_LOG_BUFFER = 5,
    CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6,
}
