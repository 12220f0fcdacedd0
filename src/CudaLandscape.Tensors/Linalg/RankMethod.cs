namespace CudaLandscape.Tensors.Linalg;

/// <summary>How a rank was found.</summary>
public enum RankMethod
{
    /// <summary>Every entry is zero.</summary>
    ZeroMatrix,

    /// <summary>QR, then all singular values of R, counted against the threshold.</summary>
    SingularValuesOfR,

    /// <summary>QR, σ_min by block inverse Golub-Kahan, and a probabilistic lower bound above the threshold: full rank.</summary>
    InverseGolubKahan,

    /// <summary>QR, then the singular values below the threshold counted by block inverse subspace iteration: not clearly of full rank.</summary>
    InverseSubspace,
}
