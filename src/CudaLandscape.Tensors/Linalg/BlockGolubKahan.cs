using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The largest singular value of an operator A by block Golub-Kahan bidiagonalisation with full reorthogonalisation: A U = Q S
/// with orthonormal U and Q; the largest singular value of the small S grows towards that of A and never exceeds it but for
/// rounding. With A = R⁻¹ its reciprocal is the smallest singular value of R.
/// </summary>
internal static class BlockGolubKahan
{
    /// <summary>Vectors in each of the two bases at most.</summary>
    public const int MostVectors = BlockSize * MaxSteps;

    private const int BlockSize = 8, MaxSteps = 60;

    /// <summary>The estimate σ, the block steps taken, and whether it settled within the tolerance twice in a row.</summary>
    /// <param name="Value">σ.</param>
    /// <param name="Left">Left singular vector of A for σ, of norm 1 but for rounding.</param>
    /// <param name="Steps">Block steps.</param>
    /// <param name="Converged">Whether σ settled.</param>
    public readonly record struct Outcome(double Value, double[] Left, int Steps, bool Converged);

    /// <summary>The largest singular value and its left singular vector.</summary>
    /// <param name="a">The operator A.</param>
    /// <param name="tolerance">Relative change of σ that counts as settled.</param>
    /// <param name="stream">Of the first block and of replacements of dependent vectors.</param>
    /// <param name="maxSteps">Block steps after which the estimate is taken as it is.</param>
    /// <exception cref="ArithmeticException">A product with A is not finite.</exception>
    public static Outcome Largest(ILinearOperator a, double tolerance, RandomStream stream, int maxSteps = MaxSteps)
    {
        using TensorScope scope = new();
        long k = a.Size, block = Math.Min(BlockSize, k);
        long capacity = Math.Min(maxSteps * block, k);
        OrthonormalBasis u = new(a.Device, k, capacity, stream with { Stream = stream.Stream + 1 });
        OrthonormalBasis q = new(a.Device, k, capacity, stream with { Stream = stream.Stream + 2 });
        List<double[]> columns = [];
        Tensor next = RandomTensor.Normal(a.Device, [block, k], DType.Float64, stream);
        double value = 0;
        int settled = 0;
        for (int step = 1; ; step++)
        {
            next = Advance(a, u, q, next.Slab(0, [Math.Min(block, capacity - u.Count), k], "block"), columns);
            double estimate = LargestOf(a.Device, columns);
            settled = Math.Abs(estimate - value) <= tolerance * estimate ? settled + 1 : 0;
            value = estimate;
            bool converged = settled == 2 || columns.Count == k;
            if (converged || columns.Count == capacity) return new Outcome(value, LeftVector(a.Device, q, columns), step, converged);
        }
    }

    // One block step: U grows by the block's directions, Q and S by their images; the next block is Aᵀ of the new Q.
    private static Tensor Advance(ILinearOperator a, OrthonormalBasis u, OrthonormalBasis q, Tensor block, List<double[]> columns)
    {
        long first = u.Count, count = block.Shape[0];
        AppendRows(u, block);
        Tensor image = a.Apply(u.Rows(first, count));
        columns.AddRange(AppendRows(q, image));
        return a.ApplyTransposed(q.Rows(first, count));
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
