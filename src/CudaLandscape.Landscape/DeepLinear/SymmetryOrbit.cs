using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>
/// The symmetry W_{k+1} ↦ W_{k+1} T_k⁻¹, W_k ↦ T_k W_k of a deep linear network by invertible T_k[d_k,d_k], k = 1 … H, which leaves the
/// product and so the loss: ‖A - X Y‖² = ‖A - X T T⁻¹ Y‖² when H = 1. All images of a point make its orbit, a manifold of equal loss
/// through it; so no minimum is strict whose orbit has a dimension above 0, and its Hessian has as many zero eigenvalues at least.
/// </summary>
public static class SymmetryOrbit
{
    /// <summary>
    /// Dimension of the orbit: the rank of (B_1, …, B_H) ↦ (B_k W_k - W_k B_{k-1})_k, B_0 = B_{H+1} = 0, its tangents. Σ d_k² where all
    /// weights have full rank and no hidden layer is wider than its neighbours; 0 at the origin.
    /// </summary>
    public static int Dimension(DeepLinearNetwork network)
    {
        using TensorScope scope = new();
        return SmallMatrices.Rank(Tangents(network));
    }

    /// <summary>The tangents as the rows of a matrix [Σ d_k², P], in the order of the network's parameters.</summary>
    public static Tensor Tangents(DeepLinearNetwork network)
    {
        using TensorScope scope = new();
        Tensor[] blocks = [.. Enumerable.Range(1, network.HiddenLayers).Select(k => TangentsOf(network, k))];
        return scope.Return(blocks.Concat(0));
    }

    /// <summary>The image of a network under T_k = I + scale · G_k / √d_k with Gaussian G_k.</summary>
    /// <param name="network">The network; it stays as it is.</param>
    /// <param name="scale">0 leaves every weight; below about ½ the T_k are invertible and well-conditioned.</param>
    /// <param name="stream">T_k draws from stream + k.</param>
    /// <exception cref="ArithmeticException">A T_k is singular.</exception>
    public static DeepLinearNetwork Move(DeepLinearNetwork network, double scale, RandomStream stream)
    {
        using TensorScope scope = new();
        Tensor[] weights = [.. Enumerable.Range(1, network.HiddenLayers + 1).Select(k => network.Weight(k).Detach())];
        for (int k = 1; k <= network.HiddenLayers; k++)
        {
            long width = weights[k - 1].Shape[0];
            RandomStream own = stream with { Stream = stream.Stream + (ulong)k };
            Tensor noise = RandomTensor.Normal(network.Problem.X.Device, [width, width], DType.Float64, own, 0, scale / Math.Sqrt(width));
            Tensor t = SmallMatrices.Identity(noise.Device, width) + noise;
            weights[k - 1] = t.MatMul(weights[k - 1]);
            weights[k] = t.Solve(weights[k].Transpose(), transpose: true).Transpose();
        }

        return new DeepLinearNetwork(network.Problem, weights);
    }

    // Rows (i, j) of B_k = e_i e_jᵀ: δW_k = e_i e_jᵀ W_k, δW_{k+1} = -W_{k+1} e_i e_jᵀ, and nothing elsewhere.
    private static Tensor TangentsOf(DeepLinearNetwork network, int k)
    {
        Tensor below = network.Weight(k).Detach(), above = network.Weight(k + 1).Detach();
        (long d, Device device) = (below.Shape[0], below.Device);
        Tensor unit = SmallMatrices.Identity(device, d);
        // δW_k[i', l] = δ_{ii'} W_k[j, l] and δW_{k+1}[l, j'] = -W_{k+1}[l, i] δ_{jj'}, as tensors [i, j, rows, columns].
        Tensor lower = unit.Reshape([d, 1, d, 1]) * below.Reshape([1, d, 1, below.Shape[1]]);
        Tensor upper = above.Transpose().Scale(-1).Reshape([d, 1, above.Shape[0], 1]) * unit.Reshape([1, d, 1, d]);
        Tensor rows = ((Tensor[])[lower.Reshape([d * d, below.ElementCount]), upper.Reshape([d * d, above.ElementCount])]).Concat(1);
        long before = Enumerable.Range(1, k - 1).Sum(i => network.Weight(i).ElementCount);
        return rows.Pad(1, before, network.Objective.Dimension - before - rows.Shape[1]);
    }
}
