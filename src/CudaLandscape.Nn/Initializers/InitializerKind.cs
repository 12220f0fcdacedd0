namespace CudaLandscape.Nn.Initializers;

/// <summary>Distributions of initial weights.</summary>
public enum InitializerKind
{
    /// <summary>Uniform in ±√(6 / (fan_in + fan_out)): Keras' <c>glorot_uniform</c>.</summary>
    GlorotUniform,

    /// <summary>Normal of scale √(2 / (fan_in + fan_out)), cut off at two scales: Keras' <c>glorot_normal</c>.</summary>
    GlorotNormal,

    /// <summary>Normal of scale √(2 / fan_in), cut off at two scales: Keras' <c>he_normal</c>, its truncated normal.</summary>
    HeNormal,

    /// <summary>Normal of a given standard deviation, weights and biases alike.</summary>
    Normal,
}
