namespace CudaLandscape.Interop;

/// <summary>Element type of device data; the numbers are those of cudaDataType.</summary>
public enum ScalarType
{
    /// <summary>IEEE single precision (CUDA_R_32F).</summary>
    Float32 = 0,

    /// <summary>IEEE double precision (CUDA_R_64F).</summary>
    Float64 = 1,
}
