using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>Points of deep linear networks that the theory speaks of, constructed.</summary>
public static class DeepLinearPoints
{
    /// <summary>
    /// A critical point whose product is U_I U_Iᵀ B, with rank(W_H … W₂) = p: with random orthonormal frames Q_k[d_k,p],
    /// W_k = Q_k Q_{k-1}ᵀ for k = 2 … H and W_{H+1} = U_I R Q_Hᵀ with R[|I|,p] Rᵀ = I, so that C = W_{H+1} … W₂ has the range
    /// span(uᵢ, i ∈ I), and W₁ = C⁺ B (Zhang's note on Kawaguchi, Theorem 1.4). A strict saddle unless I are the largest p. With
    /// Gaussian weights instead C can be so near singular that the negative eigenvalue drowns in rounding.
    /// </summary>
    /// <exception cref="ArgumentException">I has more than p elements, or indices that do not exist.</exception>
    public static DeepLinearNetwork OfSubset(
        DeepLinearProblem problem, IReadOnlyList<long> hidden, IReadOnlyList<int> subset, RandomStream stream)
    {
        long p = hidden.Min();
        if (subset.Count > p)
            throw new ArgumentException($"OfSubset: {subset.Count} eigenvectors do not fit a hidden layer of width {p}.");
        using TensorScope scope = new();
        Tensor[] frames = [.. hidden.Select((width, k) => Orthonormal(problem, width, p, stream, k))];
        Tensor mixed = problem.Subspace(subset).MatMul(Orthonormal(problem, subset.Count, p, stream, hidden.Count));
        Tensor[] middle = [.. frames.Skip(1).Zip(frames, (above, below) => above.MatMul(below, transposeB: true))];
        Tensor first = frames[0].MatMul(mixed, transposeB: true).MatMul(problem.LeastSquares);
        return new DeepLinearNetwork(problem, [first, .. middle, mixed.MatMul(frames[^1], transposeB: true)]);
    }

    /// <summary>
    /// A network with some weights set to zero, the others Gaussian. W₁ = … = W_H = 0 is the "bad saddle" of Kawaguchi's
    /// Theorem 2.3 (iv) for H ≥ 3; W₁ = W_{H+1} = 0 shows that the loss is neither convex nor concave.
    /// </summary>
    /// <param name="problem">The data.</param>
    /// <param name="hidden">d_1, …, d_H.</param>
    /// <param name="zero">Which k have W_k = 0, from 1 to H+1.</param>
    /// <param name="stream">Where the other weights come from.</param>
    public static DeepLinearNetwork WithZeros(
        DeepLinearProblem problem, IReadOnlyList<long> hidden, IReadOnlyList<int> zero, RandomStream stream)
    {
        if (zero.Any(k => k < 1 || k > hidden.Count + 1))
            throw new ArgumentException($"WithZeros: there are weights 1 to {hidden.Count + 1}, got [{string.Join(", ", zero)}].");
        using TensorScope scope = new();
        Tensor[] weights = DeepLinearNetwork.RandomWeights(problem, hidden, stream, 1);
        foreach (int k in zero) weights[k - 1] = Tensor.Zeros(problem.X.Device, weights[k - 1].Shape, DType.Float64);
        return new DeepLinearNetwork(problem, weights);
    }

    /// <summary>
    /// Any matrix R[d_y,d_x] of rank at most p as a product W_{H+1} … W₁: with R = U S Vᵀ, W_{H+1} = [U S^½, 0], W₁ = [S^½ Vᵀ; 0]
    /// and padded identities between, so that the products are all the matrices of rank at most p.
    /// </summary>
    /// <exception cref="ArgumentException">R has another shape or a rank above p.</exception>
    public static DeepLinearNetwork OfProduct(DeepLinearProblem problem, IReadOnlyList<long> hidden, Tensor target)
    {
        int rank = SmallMatrices.Rank(target);
        if (rank > hidden.Min())
            throw new ArgumentException($"OfProduct: the matrix has rank {rank}, the smallest width is {hidden.Min()}.");
        using TensorScope scope = new();
        (Tensor u, Tensor v) = target.SingularVectors();
        Tensor root = target.SingularValues().Sqrt().Slice(0, 0, rank).Reshape([1, rank]);
        Tensor left = u.Slice(1, 0, rank) * root, right = (v.Slice(1, 0, rank) * root).Transpose();
        List<Tensor> weights = [right.Pad(0, 0, hidden[0] - rank)];
        for (int k = 1; k < hidden.Count; k++)
            weights.Add(SmallMatrices.Identity(target.Device, rank).Pad([0, 0], [hidden[k] - rank, hidden[k - 1] - rank]));
        weights.Add(left.Pad(1, 0, hidden[^1] - rank));
        return new DeepLinearNetwork(problem, weights);
    }

    private static Tensor Orthonormal(DeepLinearProblem problem, long rows, long columns, RandomStream stream, int use) =>
        RandomOrthogonal.Draw(problem.X.Device, rows, columns, DType.Float64, stream with { Stream = stream.Stream + (ulong)use });
}
