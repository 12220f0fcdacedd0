using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// An upper bound of a spectral norm over r = 11 Gaussian vectors w_i, by Halko, Martinsson and Tropp (SIAM Review 2011, Lemma 4.1):
/// ‖B‖ ≤ 10 √(2/π) max_i ‖B w_i‖ fails with probability 10⁻ʳ, so that the best of up to ten bounds holds with probability 1 - 10⁻¹⁰. With B = A (AᵀA)⁴, whose
/// norm is ‖A‖⁹, the factor shrinks to its ninth root. With A = R⁻¹ the reciprocal bounds the smallest singular value from below. Products
/// are scaled by powers of 2 in between, so that many of them do not overflow.
/// </summary>
internal static class GaussianProbes
{
    public const int Count = 11;

    /// <summary>The bound of ‖A‖; infinite when a product overflows.</summary>
    /// <param name="a">A.</param>
    /// <param name="stream">Of the probes.</param>
    /// <param name="power">The 4 above, any number of products AᵀA: with more the bound comes closer.</param>
    public static double NormBound(ILinearOperator a, RandomStream stream, int power = 4)
    {
        using TensorScope scope = new();
        Tensor probes = a.Apply(RandomTensor.Normal(a.Device, [Count, a.Size], DType.Float64, stream));
        long exponent = 0;
        for (int i = 0; i < power; i++)
        {
            double largest = LargestNorm(a, probes);
            if (!(largest > 0 && double.IsFinite(largest))) break;
            int scale = Math.ILogB(largest);
            exponent += scale;
            probes = Product(a, probes, Math.ScaleB(1, -scale));
        }

        double norm = 10 * Math.Sqrt(2 / Math.PI) * LargestNorm(a, probes), root = 1.0 / (2 * power + 1);
        return double.IsFinite(norm) ? Math.Pow(norm, root) * Math.Pow(2, exponent * root) : double.PositiveInfinity;
    }

    // factor A Aᵀ of the probes, which are released.
    private static Tensor Product(ILinearOperator a, Tensor probes, double factor)
    {
        using TensorScope scope = new();
        Tensor next = scope.Return(a.Apply(a.ApplyTransposed(probes.Scale(factor))));
        probes.Dispose();
        return next;
    }

    // NaN counts as infinite.
    private static double LargestNorm(ILinearOperator a, Tensor probes)
    {
        double largest = 0;
        for (long i = 0; i < Count; i++)
        {
            double norm = a.Device.Blas.Nrm2(a.Size, probes.Slab(i * a.Size, [a.Size], "probe").Address, 1, ScalarType.Float64);
            largest = Math.Max(largest, double.IsNaN(norm) ? double.PositiveInfinity : norm);
        }

        return largest;
    }
}
