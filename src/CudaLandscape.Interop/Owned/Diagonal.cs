namespace CudaLandscape.Interop;

/// <summary>Whether a triangular matrix has ones on its diagonal; the numbers are those of cublasDiagType_t.</summary>
public enum Diagonal
{
    /// <summary>The diagonal is read.</summary>
    NonUnit = 0,

    /// <summary>The diagonal is taken as ones and not read.</summary>
    Unit = 1,
}
