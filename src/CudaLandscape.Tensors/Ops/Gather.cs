using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y[o…, k…, i…] = x[o…, indices[k…], i…] along one axis, which gives way to the indices' axes; any element type, gradients
/// for float ones. Its adjoint is <see cref="ScatterAdd"/>.
/// </summary>
public sealed class Gather : Op
{
    private readonly IndexAxis _axis;

    // Only made from a checked IndexSet, whose table is the second input.
    internal Gather(IndexAxis axis) => _axis = axis;

    /// <inheritdoc/>
    public override string Name => "gather";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(1);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Tensor y = Tensor.Empty(x[0].Device, _axis.Gathered, x[0].DType, Name);
        if (y.ElementCount > 0)
            y.Device.Launch(
                "indexing_gather", y.DType, y.ElementCount, _axis.Outer, _axis.Size, _axis.Inner, _axis.Count,
                _axis.Indices(x[1]), x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [new ScatterAdd(_axis).Apply(b.Dy, b.X(1)), null];
}

public static partial class TensorOps
{
    /// <summary>
    /// x at the indices along an axis: x[N,n] and indices [m] give [N,m]; indices of shape [P,l] give [N,P,l].
    /// </summary>
    /// <exception cref="ArgumentException">The axis has another size than the index set was made for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">x has no such axis.</exception>
    public static Tensor Gather(this Tensor x, IndexSet indices, int axis = -1) => 
        new Gather(IndexAxis.OfSource("gather", x, indices, axis)).Apply(x, indices.Table);

    /// <summary>
    /// As <see cref="Gather(Tensor, IndexSet, int)"/> for an Int32 tensor; every call copies the indices to the host and checks
    /// them, so a list that is used again is better made an <see cref="IndexSet"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The indices are not Int32.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis, or x has no such axis.</exception>
    public static Tensor Gather(this Tensor x, Tensor indices, int axis = -1)
    {
        OpChecks.RequireType("gather", indices, DType.Int32);
        using IndexSet set = IndexSet.From(indices, x.Shape[axis]);
        return x.Gather(set, axis);
    }

    /// <summary>Rows of x picked by Int32 indices: <see cref="Gather(Tensor, Tensor, int)"/> along axis 0.</summary>
    /// <exception cref="ArgumentException">x has no axis, or the indices are not Int32 [M] in [0, rows).</exception>
    public static Tensor GatherRows(this Tensor x, Tensor indices)
    {
        OpChecks.RequireRank("gather", indices, 1, "[M] of indices");
        return x.Gather(indices, 0);
    }
}
