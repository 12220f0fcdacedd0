using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors.Random;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.DeepLinear;

/// <summary>Seeded data, and what the theory says of them computed by MathNet.</summary>
internal static class Problems
{
    public static DeepLinearProblem Small(ulong seed = 7) =>
        DeepLinearProblem.Gaussian(TestDevices.Primary, 4, 3, 12, new RandomStream(seed, 0));

    public static Matrix<double> Host(CudaLandscape.Tensors.Tensor a) =>
        Matrix<double>.Build.DenseOfRowArrays(a.ToArray<double>().Chunk((int)a.Shape[1]));

    /// <summary>½ (‖Y‖² - Σ of the p largest eigenvalues of Y X⁺ X Yᵀ), by a singular value decomposition of X.</summary>
    public static double OptimalLoss(DeepLinearProblem problem, int p)
    {
        Matrix<double> x = Host(problem.X), y = Host(problem.Y);
        Matrix<double> fitted = y * x.PseudoInverse() * x;
        double[] singular = [.. fitted.Svd(false).S];
        return 0.5 * (Math.Pow(y.FrobeniusNorm(), 2) - singular.Take(p).Sum(s => s * s));
    }
}
