using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>What Kawaguchi's Lemmas 1 and 2 (as Zhang's note numbers them) say of critical points, as numbers.</summary>
public static class CriticalPointConditions
{
    /// <summary>C = W_{H+1} … W₂.</summary>
    public static Tensor UpperProduct(DeepLinearNetwork network) => network.Product(network.HiddenLayers + 1, 2);

    /// <summary>
    /// Lemma 1: at a critical point W_{H+1} … W₁ = C (CᵀC)⁻ Cᵀ Y Xᵀ (X Xᵀ)⁻¹. The result is the Frobenius norm of the difference
    /// over that of the least-squares solution: 0 to rounding.
    /// </summary>
    public static double ProductError(DeepLinearNetwork network)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor best = network.Problem.LeastSquares;
        Tensor expected = SmallMatrices.RangeProjection(UpperProduct(network)).MatMul(best);
        return SmallMatrices.Norm(network.Product(network.HiddenLayers + 1, 1) - expected) / SmallMatrices.Norm(best);
    }

    /// <summary>
    /// Lemma 2 at a critical point with a positive semidefinite Hessian: for every k = 2 … H+1,
    /// rank(W_{H+1} … W_k) ≥ rank(W_{k-1} … W₂), or X rᵀ W_{H+1} … W_{k+1} = 0. The result is the largest norm of the latter,
    /// over ‖X rᵀ‖ + ‖X Yᵀ‖, among the k that break the former; 0 when none does.
    /// </summary>
    public static double RankAlternative(DeepLinearNetwork network)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        int top = network.HiddenLayers + 1;
        Tensor xr = network.Problem.X.MatMul(network.Residual(), transposeB: true);
        double worst = 0;
        for (int k = 2; k <= top; k++)
        {
            int above = SmallMatrices.Rank(network.Product(top, k)), below = SmallMatrices.Rank(network.Product(k - 1, 2));
            if (above < below) worst = Math.Max(worst, SmallMatrices.Norm(xr.MatMul(network.Product(top, k + 1))));
        }

        return worst / Scale(network, xr);
    }

    /// <summary>
    /// Lemma 2, second part, at a critical point with a positive semidefinite Hessian and rank(W_H … W₂) = p: C (CᵀC)⁻ Cᵀ is
    /// U_p U_pᵀ, the projection on the p leading eigenvectors, or X rᵀ = 0. The smaller of ‖difference‖ and the relative ‖X rᵀ‖.
    /// </summary>
    public static double ProjectionAlternative(DeepLinearNetwork network)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        int p = (int)Math.Min(network.SmallestWidth, network.Problem.Outputs);
        Tensor leading = network.Problem.Subspace([.. Enumerable.Range(0, p)]);
        Tensor difference = SmallMatrices.RangeProjection(UpperProduct(network)) - leading.MatMul(leading, transposeB: true);
        Tensor xr = network.Problem.X.MatMul(network.Residual(), transposeB: true);
        return Math.Min(SmallMatrices.Norm(difference), SmallMatrices.Norm(xr) / Scale(network, xr));
    }

    private static double Scale(DeepLinearNetwork network, Tensor xr)
    {
        using TensorScope scope = new();
        return SmallMatrices.Norm(xr) + SmallMatrices.Norm(network.Problem.X.MatMul(network.Problem.Y, transposeB: true));
    }
}
