namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>How a training step runs.</summary>
internal enum StepKind
{
    /// <summary>Op by op, launched one after the other.</summary>
    Plain,

    /// <summary>Op by op, recorded once and replayed; the bits of <see cref="Plain"/>.</summary>
    Captured,

    /// <summary>In kernels made for the network, recorded once and replayed; the same mathematics, other rounding.</summary>
    Fused,
}
