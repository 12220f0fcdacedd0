namespace CudaLandscape.Tensors.Linalg;

/// <summary>Σ x_i a_i of vectors a_i, entry by entry as <see cref="CompensatedDot"/> does it.</summary>
internal sealed class CompensatedSums(int length)
{
    private const int Chunk = 1024;
    private readonly double[] _sum = new double[length], _rest = new double[length];

    /// <summary>Adds (x_i + low_i) a_i for the rows a_i of a block; without low where that is empty.</summary>
    public void Add(double[] block, ReadOnlyMemory<double> x, ReadOnlyMemory<double> low) => Parallel.For(0, (length + Chunk - 1) / Chunk, chunk =>
    {
        (int first, int last) = (chunk * Chunk, Math.Min(length, (chunk + 1) * Chunk));
        for (int i = 0; i < x.Length; i++) Add(block.AsSpan(i * length + first, last - first), x.Span[i], low.IsEmpty ? 0 : low.Span[i], first);
    });

    /// <summary>The sums, each rounded once.</summary>
    public double[] Values() => [.. _sum.Zip(_rest, (sum, rest) => sum + rest)];

    private void Add(ReadOnlySpan<double> a, double x, double low, int first)
    {
        Span<double> sums = _sum.AsSpan(first, a.Length), rests = _rest.AsSpan(first, a.Length);
        for (int j = 0; j < a.Length; j++)
        {
            double product = a[j] * x, error = Math.FusedMultiplyAdd(a[j], x, -product) + a[j] * low;
            double sum = sums[j], next = sum + product, part = next - sum;
            rests[j] += sum - (next - part) + (product - part) + error;
            sums[j] = next;
        }
    }
}
