using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>
/// Gradient and Hessian of a deep linear network in closed form, by Kronecker products (Kawaguchi, NIPS'16, Lemmas 4.2 and 4.3).
/// Matrices are read row by row, where vec(A W B) = (A ⊗ Bᵀ) vec(W). With A_k = W_{H+1} … W_{k+1}, B_k = W_{k-1} … W₁:
/// ∂vec(Ŷ) / ∂vec(W_k) = J_k = A_k ⊗ (B_k X)ᵀ.
/// </summary>
public static class KroneckerDerivatives
{
    /// <summary>∂Φ / ∂vec(W_k) = J_kᵀ vec(r), [d_k d_{k-1}].</summary>
    public static Tensor Gradient(DeepLinearNetwork network, int k)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor residual = network.Residual();
        Tensor gradient = Jacobian(network, k).MatMul(residual.Reshape([residual.ElementCount, 1]), transposeA: true);
        return scope.Return(gradient.Reshape([gradient.ElementCount]));
    }

    /// <summary>
    /// ∂²Φ / ∂vec(W_l) ∂vec(W_k) for l ≥ k, [d_l d_{l-1}, d_k d_{k-1}]: J_lᵀ J_k, and for l > k also what the residual adds,
    /// S ⊗' M with S = A_lᵀ r Xᵀ B_kᵀ and M = W_{l-1} … W_{k+1}: element ((a,c),(d,b)) is S[a,b] M[c,d].
    /// </summary>
    /// <exception cref="ArgumentException">l is below k.</exception>
    public static Tensor HessianBlock(DeepLinearNetwork network, int l, int k)
    {
        if (l < k) throw new ArgumentException($"HessianBlock: expects l ≥ k, got l = {l} and k = {k}; the Hessian is symmetric.");
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor block = Jacobian(network, l).MatMul(Jacobian(network, k), transposeA: true);
        return scope.Return(l == k ? block : block + ResidualBlock(network, l, k));
    }

    private static Tensor ResidualBlock(DeepLinearNetwork network, int l, int k)
    {
        Tensor above = network.Product(network.HiddenLayers + 1, l + 1), below = network.Product(k - 1, 1);
        Tensor s = above.MatMul(network.Residual(), transposeA: true)
            .MatMul(network.Problem.X, transposeB: true).MatMul(below, transposeB: true);
        Tensor m = network.Product(l - 1, k + 1);
        (long a, long b, long c, long d) = (s.Shape[0], s.Shape[1], m.Shape[0], m.Shape[1]);
        return (s.Reshape([a, 1, 1, b]) * m.Reshape([1, c, d, 1])).Reshape([a * c, d * b]);
    }

    private static Tensor Jacobian(DeepLinearNetwork network, int k)
    {
        Tensor above = network.Product(network.HiddenLayers + 1, k + 1);
        Tensor below = network.Product(k - 1, 1).MatMul(network.Problem.X);
        return SmallMatrices.Kronecker(above, below.Transpose());
    }
}
