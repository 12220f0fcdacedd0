namespace CudaLandscape.Tensors;

/// <summary>How a device multiplies float32 matrices and convolves float32 images; float64 is never affected.</summary>
public enum Precision
{
    /// <summary>float32 throughout, the default.</summary>
    Float32,

    /// <summary>
    /// Convolutions on tensor cores, each product as three in TF32 whose error is about float32's (3xTF32): within 1e-5 of the
    /// exact result, relative to the largest entry. Matrix products stay in float32, since cuBLAS has no such mode.
    /// </summary>
    Tf32x3,

    /// <summary>Factors rounded to TF32, 10 bits of fraction, in convolutions and in cuBLAS; sums in float32. Within 1e-3.</summary>
    Tf32,
}

/// <summary>The precision that the environment asks for.</summary>
internal static class PrecisionSetting
{
    /// <summary>CUDALANDSCAPE_PRECISION: float32, tf32x3, tf32, or nothing, which means float32.</summary>
    public const string Variable = "CUDALANDSCAPE_PRECISION";

    /// <exception cref="FormatException">The variable is none of them.</exception>
    public static Precision FromEnvironment() => Parse(Environment.GetEnvironmentVariable(Variable));

    internal static Precision Parse(string? text) => text switch
    {
        null or "" or "float32" => Precision.Float32,
        "tf32x3" => Precision.Tf32x3,
        "tf32" => Precision.Tf32,
        _ => throw new FormatException($"{Variable}: '{text}' is none of 'float32', 'tf32x3' and 'tf32'."),
    };
}
