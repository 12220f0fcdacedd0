using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Layers;

/// <summary>
/// ICML'18, Assumption 3.2: positive ρ1 to ρ4 with |σ(t)| ≤ ρ1 e^(ρ2 t) for t &lt; 0 and |σ(t)| ≤ ρ3 t + ρ4 for t ≥ 0. Lemma 3.3
/// says that ReLU, sigmoid and softplus meet it.
/// </summary>
public readonly record struct GrowthCondition(double Rho1, double Rho2, double Rho3, double Rho4)
{
    /// <summary>The constants for softplus, ln(1 + e^(α t)) / α: 1/α, α, 1, ln 2 / α.</summary>
    public static GrowthCondition OfSoftplus(double alpha) => new(1 / alpha, alpha, 1, Math.Log(2) / alpha);

    /// <summary>The bound at t.</summary>
    public double Bound(double t) => t < 0 ? Rho1 * Math.Exp(Rho2 * t) : Rho3 * t + Rho4;

    /// <summary>The largest |σ(t)| / bound(t) over the points; above 1 the condition is violated.</summary>
    /// <param name="activation">σ, elementwise.</param>
    /// <param name="points">Points t, Float64.</param>
    public double LargestRatio(Func<Tensor, Tensor> activation, Tensor points)
    {
        using TensorScope scope = new();
        double[] t = points.ToArray<double>(), values = activation(points).ToArray<double>();
        double largest = 0;
        for (int i = 0; i < t.Length; i++)
        {
            // Both zero where e^(ρ2 t) has underflown.
            if (values[i] != 0) largest = Math.Max(largest, Math.Abs(values[i]) / Bound(t[i]));
        }

        return largest;
    }
}
