namespace CudaLandscape.Tensors.Ops;

/// <summary>The activations that an op can end with, numbered as in native/include/activation.cuh.</summary>
public enum ActivationKind
{
    /// <summary>y = z.</summary>
    Identity,

    /// <summary>y = max(z, 0).</summary>
    Relu,

    /// <summary>y = 1 / (1 + e^-z).</summary>
    Sigmoid,

    /// <summary>y = ln(1 + e^(alpha z)) / alpha.</summary>
    Softplus,

    /// <summary>y = tanh z.</summary>
    Tanh,
}
