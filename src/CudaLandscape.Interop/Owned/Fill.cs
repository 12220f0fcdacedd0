namespace CudaLandscape.Interop;

/// <summary>Which triangle of a matrix is read; the numbers are those of cublasFillMode_t.</summary>
public enum Fill
{
    /// <summary>The lower triangle.</summary>
    Lower = 0,

    /// <summary>The upper triangle.</summary>
    Upper = 1,
}
