namespace CudaLandscape.Experiments.Surfaces;

/// <summary>Which directions a surface has.</summary>
internal enum DirectionKind
{
    /// <summary>Random and filter-normalised.</summary>
    Random,

    /// <summary>Eigenvectors of the largest eigenvalues of the Hessian.</summary>
    Eigenvectors,

    /// <summary>Towards other checkpoints.</summary>
    Checkpoints,
}
