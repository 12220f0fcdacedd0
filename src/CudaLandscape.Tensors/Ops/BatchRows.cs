using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The next rows of a mini-batch: y[i, …] = x[order[(cursor + i) mod L], …], i &lt; count; order Int32 [L] with entries in
/// [0, N), cursor Int32 [1]. The cursor is read on the device when the op runs, so a recorded step sees its present value.
/// For the same reason only the device can check it and the order: a negative cursor or an entry that is no row of x fails
/// the launch. No gradient flows to x.
/// </summary>
public sealed class BatchRows(int count) : Op
{
    /// <inheritdoc/>
    public override string Name => "batch_rows";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        (Tensor data, Tensor order, Tensor cursor) = (x[0], x[1], x[2]);
        OpChecks.RequireType(Name, order, DType.Int32);
        OpChecks.RequireType(Name, cursor, DType.Int32);
        if (data.Shape.Rank == 0 || order.Shape.Rank != 1 || cursor.ElementCount != 1 || count < 1 || count > order.ElementCount)
            throw new ArgumentException($"{Name}: expects x[N, …], order[L], cursor[1] and 1 to L rows, got {data}, {order}, {cursor} and {count} rows.");
        if (data.RequiresGradient) throw new ArgumentException($"{Name}: no gradient flows to {data}; Detach it first.");
        Tensor y = Tensor.Empty(data.Device, data.Shape.With(0, count), data.DType, Name);
        long columns = y.ElementCount / count;
        if (columns > 0)
            y.Device.Launch("layout_batch_rows", y.DType, y.ElementCount, (long)count, columns, data.Shape[0], data, order, order.ElementCount, cursor, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null, null, null];
}

public static partial class TensorOps
{
    /// <summary>The next rows of a mini-batch, in a given order from a cursor on.</summary>
    /// <exception cref="ArgumentException">Shapes or types do not fit, or x requires a gradient.</exception>
    /// <exception cref="Interop.CudaException">
    /// Not from this call but where the device reports its work: an entry of the order is no row of x.
    /// </exception>
    public static Tensor BatchRows(this Tensor x, Tensor order, Tensor cursor, int count) => new BatchRows(count).Apply(x, order, cursor);

    /// <summary>Adds to an Int32 counter in device memory, in place.</summary>
    public static void Advance(this Tensor cursor, int by)
    {
        OpChecks.RequireType("advance", cursor, DType.Int32);
        cursor.Device.Launch("layout_advance", DType.Int32, 1, (long)by, cursor);
    }
}
