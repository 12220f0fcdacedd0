using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The largest singular value of an operator A by block Golub-Kahan bidiagonalisation with full reorthogonalisation: A U = Q S
/// with orthonormal U and Q; the largest singular value of the small S grows towards that of A and never exceeds it but for
/// rounding. With A = R⁻¹ its reciprocal is the smallest singular value of R.
/// </summary>
internal static class BlockGolubKahan
{
    private const int BlockSize = 8, MaxSteps = 60;

    /// <summary>The estimate, the block steps taken, and whether it settled within the tolerance twice in a row.</summary>
    public readonly record struct Outcome(double Value, int Steps, bool Converged);

    public static Outcome Largest(TriangularOperator a, double tolerance, RandomStream stream)
    {
        using TensorScope scope = new();
        long k = a.Size, block = Math.Min(BlockSize, k);
        int most = (int)Math.Min(MaxSteps, k / block);
        OrthonormalBasis u = new(a.Device, k, most * block, stream with { Stream = stream.Stream + 1 });
        OrthonormalBasis q = new(a.Device, k, most * block, stream with { Stream = stream.Stream + 2 });
        List<double[]> columns = [];
        Tensor next = RandomTensor.Normal(a.Device, [block, k], DType.Float64, stream);
        double value = 0;
        int settled = 0;
        for (int step = 1; step <= most; step++)
        {
            next = Advance(a, u, q, next, columns);
            double estimate = LargestOf(a.Device, columns);
            settled = Math.Abs(estimate - value) <= tolerance * estimate ? settled + 1 : 0;
            value = estimate;
            if (settled == 2 || columns.Count == k) return new Outcome(value, step, true);
        }

        return new Outcome(value, most, false);
    }

    // One block step: U grows by the block's directions, Q and S by their images; the next block is Aᵀ of the new Q.
    private static Tensor Advance(TriangularOperator a, OrthonormalBasis u, OrthonormalBasis q, Tensor block, List<double[]> columns)
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
        int n = columns.Count;
        double[] values = new double[(long)n * n];
        for (int c = 0; c < n; c++) columns[c].CopyTo(values, c * n);
        return Factorizations.SingularValues(Tensor.From<double>(device, [n, n], values, "S"))[0];
    }
}
