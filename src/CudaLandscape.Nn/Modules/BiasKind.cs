namespace CudaLandscape.Nn.Modules;

/// <summary>How a convolution's bias is shared.</summary>
public enum BiasKind
{
    /// <summary>One bias per channel, as frameworks do.</summary>
    Shared,

    /// <summary>One bias per neuron, b ∈ R^{n_k}, as ICML'18 Definition 2.1 says.</summary>
    Neuron,

    /// <summary>None, as where a batch normalisation follows.</summary>
    None,
}
