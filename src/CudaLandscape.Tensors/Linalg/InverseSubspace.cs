using CudaLandscape.Tensors.Ops;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The smallest singular values of R and their vectors by block inverse subspace iteration: orthonormal Q of R⁻ᵀ V, then V of R⁻¹ Q
/// = V S, whose S has the reciprocals. The block grows from 64 vectors, or k/16 if that is less, by doubling until it reaches beyond
/// four times the limit up to which values are to be known, so that the values below twice the limit are all among its own; it ends when those settle.
/// The limit is a hundred thresholds, and where that takes too large a block ten, and at last one.
/// </summary>
/// <param name="problem">R.</param>
/// <param name="threshold">The threshold.</param>
/// <param name="stream">Of the first block and of what is added.</param>
/// <param name="least">Least multiple of the threshold that is worth anything: 1 or 10.</param>
internal sealed class InverseSubspace(RankProblem problem, double threshold, RandomStream stream, double least = 1)
{
    private const long MostAtFirst = 64;
    private const int MaxSteps = 60, Blocks = 2; // in memory at a time
    private const double Reach = 4, Counted = 2, MostBeside = 0.12;

    /// <summary>Change of a value in a step, of the threshold or of the value if that is more, that counts as settled.</summary>
    public const double Settled = 1e-3;

    private readonly ILinearOperator _inverse = problem.Inverse;
    private readonly Device _device = problem.R.Device;
    private double _multiple = 100;

    /// <summary>What was found.</summary>
    /// <param name="Sigma">Singular values in rising order, right below twice the limit.</param>
    /// <param name="Right">Their right singular vectors, one per row.</param>
    /// <param name="Left">Their left singular vectors.</param>
    /// <param name="Steps">Steps taken.</param>
    /// <param name="Multiple">1, 10 or 100: the limit in thresholds.</param>
    public sealed record Outcome(double[] Sigma, Tensor Right, Tensor Left, int Steps, double Multiple);

    private readonly record struct Iterate(Tensor Q, Tensor V, Tensor S);

    /// <summary>
    /// Finds them; null where a fifth of all singular values does not reach beyond the least limit, where memory ends, or where the values do
    /// not settle: then all singular values are the cheaper way.
    /// </summary>
    /// <exception cref="ArithmeticException">R⁻¹ overflows.</exception>
    public Outcome? Find()
    {
        using TensorScope scope = new();
        long first = Math.Clamp(problem.Size / 16, 1, MostAtFirst);
        if (!HasRoomFor(first)) return null;
        Tensor v = ThinQr.InPlace(Random(first, 0)).Q;
        double[] previous = [];
        for (int step = 1; step <= MaxSteps; step++)
        {
            long size = v.Shape[0];
            Iterate iterate = Advance(v);
            double[] sigma = Reciprocals(iterate.S);
            long next = NextSize(size, sigma[^1]);
            if (next == size && IsSettled(sigma, previous)) return Rotated(iterate, sigma, step, scope);
            iterate.Q.Dispose();
            if (next == 0) return null;
            v = next == size ? iterate.V : Enlarged(iterate.V, next, step);
            previous = next == size ? sigma : [];
        }

        return null;
    }

    // V is released as soon as it was used.
    private Iterate Advance(Tensor v)
    {
        using TensorScope scope = new();
        Tensor image = _inverse.ApplyTransposed(v);
        v.Dispose();
        Tensor q = ThinQr.InPlace(image).Q;
        (Tensor next, Tensor s) = ThinQr.InPlace(_inverse.Apply(q));
        return new Iterate(scope.Return(q), scope.Return(next), scope.Return(s));
    }

    private static double[] Reciprocals(Tensor s)
    {
        using TensorScope scope = new();
        double[] values = Factorizations.SingularValues(SquareFactorizations.Copy(s));
        if (!values.All(double.IsFinite)) throw new ArithmeticException("rank: the inverse of R overflows.");
        return Array.ConvertAll(values, value => 1 / value);
    }

    private bool IsSettled(double[] sigma, double[] previous)
    {
        if (previous.Length == 0) return false;
        return sigma.Zip(previous).TakeWhile(pair => pair.First < Counted * Limit)
            .All(pair => Math.Abs(pair.First - pair.Second) <= Settled * Math.Max(threshold, pair.First));
    }

    private Tensor Enlarged(Tensor v, long next, int step)
    {
        using TensorScope scope = new();
        (long size, long k) = (v.Shape[0], v.Shape[1]);
        Tensor larger = Tensor.Empty(_device, [next, k], DType.Float64, "block");
        larger.Slab(0, v.Shape, "old").CopyFrom(v);
        v.Dispose();
        Tensor fresh = Random(next - size, step);
        larger.Slab(size * k, fresh.Shape, "new").CopyFrom(fresh);
        fresh.Dispose();
        _device.TrimCache(); // blocks of the old size are of no use any more
        return scope.Return(ThinQr.InPlace(larger).Q);
    }

    // S = P D Wᵀ: the right vectors of R are V P, the left ones Q W.
    private Outcome Rotated(Iterate iterate, double[] sigma, int steps, TensorScope outer)
    {
        using TensorScope scope = new();
        (_, Tensor? p, Tensor? w) = SquareFactorizations.Singular("rank", iterate.S, vectors: true);
        RowCombination.Apply(p!, transpose: false, iterate.V);
        RowCombination.Apply(w!, transpose: true, iterate.Q);
        return new Outcome(sigma, outer.Return(iterate.V), outer.Return(iterate.Q), steps, _multiple);
    }

    private double Limit => _multiple * threshold;

    // The block's next size: the same once it reaches beyond the limit, else a larger one. Where that is not worth it or not to be had the
    // limit is lowered; 0 when there is none left.
    private long NextSize(long size, double reached)
    {
        for (; ; _multiple /= 10)
        {
            if (reached >= Reach * Limit) return size;
            long next = Math.Min(2 * size, MostVectors);
            if (next > size && HasRoomFor(next)) return next;
            if (_multiple <= least) return 0;
        }
    }

    // As many as are worth it for the threshold itself, only a little memory's for more than that.
    private long MostVectors => Math.Min(problem.Size / 5, _multiple > 1 ? (long)(MostBeside * problem.LongSide / Blocks) : long.MaxValue);

    // In the device's memory, or all in what R leaves, where one block more lets every block find a place in one piece.
    private bool HasRoomFor(long size)
    {
        _device.TrimCache();
        return BytesOf(Blocks * size) <= _device.Context.MemoryInfo().Free || BytesOf((Blocks + 1) * size) <= _device.Spare?.FreeBytes;
    }

    private long BytesOf(long vectors) => (vectors + 3 * BlockedQr.PanelWidth) * problem.Size * sizeof(double);

    private Tensor Random(long count, int step) => RandomTensor.Normal(
        _device, [count, problem.Size], DType.Float64, stream with { Stream = stream.Stream + (ulong)step });
}
