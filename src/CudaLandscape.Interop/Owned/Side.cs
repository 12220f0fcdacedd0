namespace CudaLandscape.Interop;

/// <summary>On which side the triangular matrix stands; the numbers are those of cublasSideMode_t.</summary>
public enum Side
{
    /// <summary>op(A) X = alpha B.</summary>
    Left = 0,

    /// <summary>X op(A) = alpha B.</summary>
    Right = 1,
}
