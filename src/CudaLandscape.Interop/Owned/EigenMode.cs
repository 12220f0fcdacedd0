namespace CudaLandscape.Interop;

/// <summary>What an eigenvalue routine computes; the numbers are those of cusolverEigMode_t.</summary>
public enum EigenMode
{
    /// <summary>Eigenvalues only.</summary>
    Values = 0,

    /// <summary>Eigenvalues and eigenvectors.</summary>
    Vectors = 1,
}
