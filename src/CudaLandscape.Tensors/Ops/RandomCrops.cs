using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The choices that augment a mini-batch: y[i] = {sample, dy, dx, flip}, i &lt; count, Int32 [count,4], with sample =
/// order[(cursor + i) mod L], dy and dx uniform in 0 … 2·pad, flip 0 or 1 with probability ½ each (0 without flips); order Int32 [L],
/// cursor and epoch Int32 [1], all read on the device. Words 0, 1, 2 of Philox block <c>sample</c> of stream
/// <c>stream + epoch</c> decide, so a sample's choices depend on (seed, epoch, sample) only.
/// </summary>
public sealed class RandomCrops(int count, int pad, bool flip, RandomStream stream) : Op
{
    private const int MaxPad = 1 << 20;

    /// <inheritdoc/>
    public override string Name => "random_crops";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        (Tensor order, Tensor cursor, Tensor epoch) = (x[0], x[1], x[2]);
        foreach (Tensor input in x) OpChecks.RequireType(Name, input, DType.Int32);
        if (order.Shape.Rank != 1 || cursor.ElementCount != 1 || epoch.ElementCount != 1 || count < 1 || count > order.ElementCount)
            throw new ArgumentException($"{Name}: expects order[L], cursor[1], epoch[1] and 1 to L crops, got {order}, {cursor}, {epoch} and {count} crops.");
        if (pad is < 0 or > MaxPad) throw new ArgumentException($"{Name}: expects a pad of 0 to {MaxPad}, got pad {pad}.");
        Tensor y = Tensor.Empty(order.Device, [count, 4], DType.Int32, Name);
        Draws draws = new()
        {
            Seed = stream.Seed, Stream = stream.Stream, Count = count, Length = order.ElementCount, Pad = pad, Flip = flip ? 1 : 0,
        };
        y.Device.Launch("augment_random_crops", DType.Int32, count, draws, order, cursor, epoch, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null, null, null];

    // The kernel's CropDraws.
    private struct Draws
    {
        public ulong Seed, Stream;
        public long Count, Length, Pad, Flip;
    }
}

public static partial class TensorOps
{
    /// <summary>The choices that augment the next samples in a given order from a cursor on; see <see cref="Ops.RandomCrops"/>.</summary>
    /// <exception cref="ArgumentException">Shapes, types or the pad do not fit.</exception>
    public static Tensor RandomCrops(
        this Tensor order, Tensor cursor, Tensor epoch, int count, int pad, bool flip, RandomStream stream) =>
        new RandomCrops(count, pad, flip, stream).Apply(order, cursor, epoch);
}
