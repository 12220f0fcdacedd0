namespace CudaLandscape.Nn.Initializers;

/// <summary>Distributions of initial weights.</summary>
public enum InitializerKind
{
    /// <summary>Uniform in ±√(6 / (fan_in + fan_out)): Keras' <c>glorot_uniform</c>.</summary>
    GlorotUniform,

    /// <summary>Normal of scale √(2 / (fan_in + fan_out)), cut off at two scales: Keras' <c>glorot_normal</c> until 2018.</summary>
    GlorotNormal,

    /// <summary><see cref="GlorotNormal"/> / 0.8796…, so that the variance is 2 / (fan_in + fan_out): Keras since 2018.</summary>
    GlorotNormalRescaled,

    /// <summary>
    /// Normal of scale √(2 / fan_in), cut off at two scales: Keras' <c>he_normal</c> until 2018. Its variance is only
    /// 0.7737 · 2 / fan_in; this is the "truncated normal" of ICLR'19.
    /// </summary>
    HeNormal,

    /// <summary><see cref="HeNormal"/> / 0.8796…, so that the variance is 2 / fan_in: Keras since 2018.</summary>
    HeNormalRescaled,

    /// <summary>
    /// A random matrix with orthonormal rows or columns times a gain (Saxe, McClelland and Ganguli, ICLR'14); kernels [K,C,R,S]
    /// are matrices [K, C·R·S].
    /// </summary>
    Orthogonal,

    /// <summary>N(0, 1 / (fan_in · L)): the branch f of a residual layer x + f(x), one of L.</summary>
    Residual,

    /// <summary>Identity + N(0, 1 / (fan_in · L)): a square layer near the identity, one of L.</summary>
    IdentityResidual,

    /// <summary>Normal of a given standard deviation, weights and biases alike.</summary>
    Normal,
}
