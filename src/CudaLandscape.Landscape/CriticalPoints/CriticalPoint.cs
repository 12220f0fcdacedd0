using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>
/// What kind of point it is. An eigenvalue within ±<paramref name="Tolerance"/> counts as zero: rounding of the Hessian moves
/// eigenvalues by about n ε ‖H‖, and at a degenerate point where Newton's method stops at ‖g‖ = δ zero eigenvalues come out as
/// large as √δ times the third derivative. The index is therefore always stated with its tolerance.
/// </summary>
/// <param name="Value">Φ(θ).</param>
/// <param name="GradientNorm">‖∇Φ(θ)‖₂.</param>
/// <param name="Eigenvalues">The n eigenvalues of the Hessian, rising.</param>
/// <param name="Tolerance">What counts as zero.</param>
public sealed record CriticalPoint(double Value, double GradientNorm, double[] Eigenvalues, double Tolerance)
{
    /// <summary>Tolerance over the largest |λ| when none is given.</summary>
    public const double RelativeTolerance = 1e-8;

    /// <summary>Number of eigenvalues below -tolerance; 0 at a minimum, and at some degenerate saddles.</summary>
    public int Index => Eigenvalues.Count(value => value < -Tolerance);

    /// <summary>Number of eigenvalues that count as zero: flat directions to second order.</summary>
    public int Nullity => Eigenvalues.Count(value => Math.Abs(value) <= Tolerance);

    /// <summary>Smallest eigenvalue.</summary>
    public double Lowest => Eigenvalues[0];

    /// <summary>Largest eigenvalue.</summary>
    public double Highest => Eigenvalues[^1];

    /// <summary>Measures the point where the objective stands, by the dense spectrum: n Hessian-vector products and O(n³).</summary>
    /// <param name="objective">The loss.</param>
    /// <param name="relativeTolerance">Tolerance over the largest |λ|.</param>
    /// <exception cref="ArithmeticException">Loss, gradient or Hessian are not finite.</exception>
    public static CriticalPoint At(Objective objective, double relativeTolerance = RelativeTolerance)
    {
        using TensorScope scope = new();
        using Curvature curvature = new(objective);
        double[] eigenvalues = curvature.Hessian().SymmetricEigenvalues().ToArray<double>();
        double largest = Math.Max(Math.Abs(eigenvalues[0]), Math.Abs(eigenvalues[^1]));
        return new CriticalPoint(curvature.Value, curvature.GradientNorm, eigenvalues, relativeTolerance * largest);
    }
}
