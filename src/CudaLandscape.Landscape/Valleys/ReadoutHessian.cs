using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// The Hessian of the mean cross-entropy of outputs Ψ Vᵀ + c in the weights V[m,N] of the skip connections, Nguyen, Mukkamala and Hein,
/// ICLR'19, Theorem 3.3.4: block (j, k) is (1/N) Σ_i p_ij (δ_jk - p_ik) ψ_i ψ_iᵀ, with p the softmax of the outputs.
/// </summary>
public static class ReadoutHessian
{
    /// <summary>(1/N) Σ_i p_ij (1 - p_ij) ψ_i ψ_iᵀ, the block of row j of V, [M,M].</summary>
    /// <param name="psi">Ψ[N,M].</param>
    /// <param name="outputs">Outputs [N,m].</param>
    /// <param name="j">The class.</param>
    public static Tensor DiagonalBlock(Tensor psi, Tensor outputs, int j)
    {
        using TensorScope scope = new();
        Tensor p = outputs.Softmax().Slice(1, j, j + 1);
        Tensor weights = (p - p.Square()).Scale(1.0 / psi.Shape[0]);
        return scope.Return(psi.MatMul(psi * weights, transposeA: true));
    }
}
