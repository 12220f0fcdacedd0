namespace CudaLandscape.Nn.Optimizers;

/// <summary>
/// Which rate a past gradient keeps in the velocity. At a constant rate both forms take the same steps; after a change of the
/// rate PyTorch's velocity is rescaled at once, Keras' fades as the momentum does.
/// </summary>
public enum MomentumForm
{
    /// <summary>v ← μ v + rate · g; p ← p - v, or with Nesterov's momentum p - (μ v + rate · g).</summary>
    Keras,

    /// <summary>v ← μ v + g; p ← p - rate · v, or with Nesterov's momentum p - rate · (μ v + g).</summary>
    PyTorch,
}
