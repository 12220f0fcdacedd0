using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Expressivity;

/// <summary>The linear output layer that fits any targets on wide features (ICML'18, Corollary 3.6).</summary>
public static class MinimumNormFit
{
    /// <summary>
    /// V[n,c] = Fᵀ (F Fᵀ + r I)⁻¹ Y for F[N,n] and Y[N,c], Float64: with r = 0 and rank F = N the solution of F V = Y of smallest norm.
    /// By Cholesky; without r the residual is fitted again until it shrinks no more, since F Fᵀ has the square of F's condition number.
    /// </summary>
    /// <param name="features">F.</param>
    /// <param name="targets">Y.</param>
    /// <param name="ridge">r, 0 or more.</param>
    /// <exception cref="ArithmeticException">F Fᵀ + r I is not positive definite in float64: the rank is below N, or nearly.</exception>
    public static Tensor Solve(Tensor features, Tensor targets, double ridge = 0)
    {
        using TensorScope scope = new();
        long n = features.Shape[0];
        Tensor ones = Tensor.Full(features.Device, [n, n], features.DType, 1);
        Tensor identity = ones.Triangle(upper: true) * ones.Triangle(upper: false);
        Tensor factor = (features.MatMul(features, transposeB: true) + identity.Scale(ridge)).Cholesky();
        Tensor v = Correction(features, factor, targets);
        for (int step = 0; ridge == 0 && step < 3; step++) v += Correction(features, factor, targets - features.MatMul(v));
        return scope.Return(v);
    }

    private static Tensor Correction(Tensor features, Tensor factor, Tensor residual)
    {
        Tensor half = factor.SolveTriangular(residual, upper: false);
        return features.MatMul(factor.SolveTriangular(half, upper: false, transpose: true), transposeA: true);
    }
}
