using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The largest singular value of an operator A by block Golub-Kahan bidiagonalisation with full reorthogonalisation: A U = Q S
/// with orthonormal U and Q; the largest singular value of the small S grows towards that of A and never exceeds it but for
/// rounding. With A = R⁻¹ its reciprocal is the smallest singular value of R. Where the bases are full they are replaced by the half of
/// their singular vectors with the largest values, and the iteration goes on (thick restart: Baglama and Reichel, SIAM J. Sci. Comput.
/// 2005), so that memory stays a few percent of the matrix.
/// </summary>
internal static class BlockGolubKahan
{
    /// <summary>Vectors of a block.</summary>
    public const int BlockSize = 8;

    private const int MaxSteps = 60, FewestVectors = 64;

    /// <summary>The estimate σ, the block steps taken, and whether it settled within the tolerance twice in a row.</summary>
    /// <param name="Value">σ.</param>
    /// <param name="Left">Left singular vector of A for σ, of norm 1 but for rounding.</param>
    /// <param name="Steps">Block steps.</param>
    /// <param name="Converged">Whether σ settled.</param>
    public readonly record struct Outcome(double Value, double[] Left, int Steps, bool Converged);

    /// <summary>
    /// Vectors in each of the two bases for a matrix of these sides: such that both are a twelfth of it, but no more than 60 blocks and
    /// no fewer than 8.
    /// </summary>
    public static long VectorsFor(long rows, long columns) => Math.Min(
        Math.Min(rows, columns), Math.Clamp(Math.Max(rows, columns) / 24 / BlockSize * BlockSize, FewestVectors, BlockSize * MaxSteps));

    /// <summary>The largest singular value and its left singular vector.</summary>
    /// <param name="a">The operator A.</param>
    /// <param name="vectors">Vectors in each basis at most: all of them, or two blocks or more.</param>
    /// <param name="tolerance">Relative change of σ that counts as settled.</param>
    /// <param name="stream">Of the first block and of replacements of dependent vectors.</param>
    /// <param name="maxSteps">Block steps after which the estimate is taken as it is.</param>
    /// <exception cref="ArithmeticException">A product with A is not finite.</exception>
    public static Outcome Largest(ILinearOperator a, long vectors, double tolerance, RandomStream stream, int maxSteps = MaxSteps)
    {
        using TensorScope scope = new();
        long k = a.Size, block = Math.Min(BlockSize, k), capacity = Math.Min(vectors, k);
        OrthonormalBasis u = new(a.Device, k, capacity, stream with { Stream = stream.Stream + 1 });
        OrthonormalBasis q = new(a.Device, k, capacity, stream with { Stream = stream.Stream + 2 });
        List<double[]> columns = [];
        Tensor next = RandomTensor.Normal(a.Device, [block, k], DType.Float64, stream);
        double value = 0;
        int settled = 0;
        for (int step = 1; ; step++)
        {
            next = Advance(a, u, q, next, columns);
            double estimate = LargestOf(a.Device, columns);
            settled = Math.Abs(estimate - value) <= tolerance * estimate ? settled + 1 : 0;
            value = estimate;
            bool converged = settled == 2 || columns.Count == k;
            if (converged || step == maxSteps) return new Outcome(value, LeftVector(a.Device, q, columns), step, converged);
            if (capacity < k && columns.Count + block > capacity) Restart(u, q, next, columns);
        }
    }

    // One block step: U grows by the block's directions, Q and S by their images; the next block, which takes the place of the one
    // before it, is Aᵀ of the new Q.
    private static Tensor Advance(ILinearOperator a, OrthonormalBasis u, OrthonormalBasis q, Tensor block, List<double[]> columns)
    {
        using TensorScope scope = new();
        (long first, long count) = (u.Count, Math.Min(block.Shape[0], u.Room));
        AppendRows(u, block.Slab(0, [count, a.Size], "block"));
        block.Dispose();
        Tensor image = a.Apply(u.Rows(first, count));
        columns.AddRange(AppendRows(q, image));
        return scope.Return(a.ApplyTransposed(q.Rows(first, count)));
    }

    // With S = P D Wᵀ the first columns of U W and Q P are bases again, of the same kind, with D for S. What the next block has outside
    // the old U is what the iteration would have gone on with.
    private static void Restart(OrthonormalBasis u, OrthonormalBasis q, Tensor next, List<double[]> columns)
    {
        using TensorScope scope = new();
        int n = columns.Count, kept = Math.Max(1, n / 2 / BlockSize) * BlockSize;
        (Tensor values, Tensor? left, Tensor? right) = SquareFactorizations.Singular("rank", Small(next.Device, columns), vectors: true);
        u.Project(next);
        u.Replace(right!.Transpose().Slab(0, [kept, n], "W"));
        q.Replace(left!.Slab(0, [kept, n], "P"));
        double[] d = values.ToArray<double>();
        columns.Clear();
        for (int i = 0; i < kept; i++) columns.Add([.. new double[i], d[i]]);
    }

    private static List<double[]> AppendRows(OrthonormalBasis basis, Tensor block)
    {
        List<double[]> coefficients = [];
        for (long i = 0; i < block.Shape[0]; i++)
            coefficients.Add(basis.Append(block.Slab(i * block.Shape[1], [1, block.Shape[1]], "vector")));
        return coefficients;
    }

    private static double LargestOf(Device device, List<double[]> columns)
    {
        using TensorScope scope = new();
        return Factorizations.SingularValues(Small(device, columns))[0];
    }

    // Q p with the left singular vector p of S.
    private static double[] LeftVector(Device device, OrthonormalBasis q, List<double[]> columns)
    {
        using TensorScope scope = new();
        (_, Tensor? left, _) = SquareFactorizations.Singular("rank", Small(device, columns), vectors: true);
        Tensor p = left!.Slab(0, [1, columns.Count], "p");
        return p.MatMul(q.Rows(0, columns.Count)).ToArray<double>();
    }

    // S, whose columns are the tensor's rows.
    private static Tensor Small(Device device, List<double[]> columns)
    {
        int n = columns.Count;
        double[] values = new double[(long)n * n];
        for (int c = 0; c < n; c++) columns[c].CopyTo(values, c * n);
        return Tensor.From<double>(device, [n, n], values, "S");
    }
}
