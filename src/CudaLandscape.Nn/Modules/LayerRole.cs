namespace CudaLandscape.Nn.Modules;

/// <summary>What a layer makes of its input.</summary>
public enum LayerRole
{
    /// <summary>Copies, reorders or adds up what others computed: a flattening, a concatenation.</summary>
    Arrangement,

    /// <summary>Weighted sums of its input: every output is a neuron, counted here and not again after its activation.</summary>
    Weighted,

    /// <summary>A function of each element: the same neurons, after their activation.</summary>
    Activation,

    /// <summary>One value for several neurons; a layer with a width of its own, but no hidden neurons.</summary>
    Pooling,
}
