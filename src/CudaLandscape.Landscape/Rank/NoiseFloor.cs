namespace CudaLandscape.Landscape.Rank;

/// <summary>
/// What rounding alone makes of a smallest singular value: an M x k matrix of independent noise of standard deviation ρ has its
/// smallest singular value near ρ (√M - √k) (Marchenko and Pastur). <see cref="RoundingError"/> measures ρ.
/// </summary>
public static class NoiseFloor
{
    /// <summary>ρ |√rows - √columns|.</summary>
    public static double Of(long rows, long columns, double deviation) =>
        deviation * Math.Abs(Math.Sqrt(rows) - Math.Sqrt(columns));
}
