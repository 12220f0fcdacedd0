namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// What rounding may do to a computed singular value σ: |error| ≤ 10 ε σ_max + 100 ε σ, ε = 2⁻⁵². Measured constants, no theorem.
/// The first part is for the backward error ‖F - QR‖₂ of QR (8.1 ε σ_max at most in what was measured), which moves no singular value by
/// more (Weyl), and covers what an SVD of R does to values below σ_max/1000 (1.4). The second is for Q's distance from orthogonality and
/// for what the SVD does to large values (27.5), errors relative to the value; near a rank's threshold, some hundred ε σ_max, it is nothing.
/// </summary>
public static class RankAllowance
{
    /// <summary>ε of float64.</summary>
    public const double Epsilon = 1.0 / (1L << 52);

    /// <summary>Error of small singular values, in ε σ_max, for one factorisation.</summary>
    public const double Absolute = 10;

    /// <summary>Error of any singular value relative to it, in ε, beside <see cref="Absolute"/>.</summary>
    public const double Relative = 100;

    /// <summary>Largest short side for which the constants were measured.</summary>
    public const long MeasuredUpTo = 4000;

    /// <summary>
    /// Longest side for which the first part stays as it is; beyond it grows in proportion. A value that is exactly zero came out as at
    /// most 2 ε σ_max up to 4 million rows, 6.3 at 10 million and 21.6 at 33 million.
    /// </summary>
    public const long LongSide = 1 << 23;

    /// <summary>
    /// η, the first part: 10 ε σ_max for a QR, 20 for one that is followed by the QR of a regularised R, and more for a side of more than
    /// <see cref="LongSide"/>.
    /// </summary>
    public static double Eta(long rows, long columns, double sigmaMax, bool regularized) =>
        (regularized ? 2 : 1) * Absolute * Math.Max(1, Math.Max(rows, columns) / (double)LongSide) * Epsilon * sigmaMax;

    /// <summary>The least that a value can be of which <paramref name="value"/> was computed.</summary>
    public static double Below(double value, double eta) => Math.Max(0, value * (1 - Relative * Epsilon) - eta);

    /// <summary>The most that it can be.</summary>
    public static double Above(double value, double eta) => value * (1 + Relative * Epsilon) + eta;

    /// <summary>½ √(rows + columns + 1) σ_max ε (Press et al., Numerical Recipes, 2.6.1).</summary>
    public static double Threshold(long rows, long columns, double sigmaMax) => 0.5 * Math.Sqrt(rows + columns + 1.0) * sigmaMax * Epsilon;
}
