namespace CudaLandscape.Landscape.Rank;

/// <summary>
/// What rounding alone makes of a smallest singular value: an M x k matrix of independent noise of standard deviation ρ has its
/// smallest singular value near ρ (√M - √k) (Marchenko and Pastur).
/// </summary>
public static class NoiseFloor
{
    /// <summary>
    /// Standard deviation of the error of sigmoid features computed in float32, as found on MNIST with N = 4000, T1 = 6; a scale,
    /// not a measurement of the run at hand.
    /// </summary>
    public const double Float32Sigmoid = 2.4e-8;

    /// <summary>ρ |√rows - √columns|.</summary>
    public static double Of(long rows, long columns, double deviation) =>
        deviation * Math.Abs(Math.Sqrt(rows) - Math.Sqrt(columns));
}
