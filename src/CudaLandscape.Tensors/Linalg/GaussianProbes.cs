using CudaLandscape.Interop;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// An upper bound of a spectral norm that holds with probability 1 - 10⁻¹⁰ over r = 10 Gaussian vectors w_i, by Halko, Martinsson
/// and Tropp (SIAM Review 2011, Lemma 4.1): ‖B‖ ≤ 10 √(2/π) max_i ‖B w_i‖ fails with probability 10⁻ʳ. With B = A (AᵀA)⁴, whose
/// norm is ‖A‖⁹, the factor shrinks to its ninth root. With A = R⁻¹ the reciprocal bounds the smallest singular value from below.
/// </summary>
internal static class GaussianProbes
{
    public const int Count = 10;

    /// <summary>The bound of ‖A‖; infinite when a product overflows.</summary>
    /// <param name="a">A.</param>
    /// <param name="stream">Of the probes.</param>
    /// <param name="power">The 4 above, any number of products AᵀA: with more the bound comes closer.</param>
    public static double NormBound(ILinearOperator a, RandomStream stream, int power = 4)
    {
        using TensorScope scope = new();
        Tensor probes = a.Apply(RandomTensor.Normal(a.Device, [Count, a.Size], DType.Float64, stream));
        for (int i = 0; i < power; i++) probes = a.Apply(a.ApplyTransposed(probes));
        double largest = 0;
        for (long i = 0; i < Count; i++)
        {
            double norm = a.Device.Blas.Nrm2(a.Size, probes.Slab(i * a.Size, [a.Size], "probe").Address, 1, ScalarType.Float64);
            if (!double.IsFinite(norm)) return double.PositiveInfinity;
            largest = Math.Max(largest, norm);
        }

        return Math.Pow(10 * Math.Sqrt(2 / Math.PI) * largest, 1.0 / (2 * power + 1));
    }
}
