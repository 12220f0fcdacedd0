using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// x[o…, j, i…] = the sum of y[o…, k…, i…] over the positions k… whose index is j, zero where there is none: the adjoint of
/// <see cref="Gather"/>. Repeated indices are added in the order of their positions, one element after the other.
/// </summary>
public sealed class ScatterAdd : Op
{
    private readonly IndexAxis _axis;

    // Only made from a checked IndexSet, whose table is the second input.
    internal ScatterAdd(IndexAxis axis) => _axis = axis;

    /// <inheritdoc/>
    public override string Name => "scatter_add";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(1);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        using TensorScope scope = new();
        Tensor result = Tensor.Zeros(x[0].Device, _axis.Source, x[0].DType, Name);
        (Tensor order, Tensor targets, Tensor starts) = _axis.Groups(x[1]);
        if (x[0].ElementCount > 0)
            result.Device.Launch(
                "indexing_scatter_add", result.DType, x[0].ElementCount, _axis.Scatter, order, targets, starts, x[0], result);
        return scope.Return(result);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [new Gather(_axis).Apply(b.Dy, b.X(1)), null];
}

public static partial class TensorOps
{
    /// <summary>
    /// Sums of y by index along an axis: y[N,m] and indices [m] into an axis of size n give [N,n]. For indices with several
    /// axes <paramref name="axis"/> is the last of them.
    /// </summary>
    /// <exception cref="ArgumentException">y is no float tensor, or its axes are not those of the indices.</exception>
    public static Tensor ScatterAdd(this Tensor y, IndexSet indices, int axis = -1) => 
        new ScatterAdd(IndexAxis.OfGathered("scatter_add", y, indices, axis)).Apply(y, indices.Table);

    /// <summary>As the other overload for an Int32 tensor, which is copied to the host and checked at every call.</summary>
    /// <exception cref="ArgumentException">The indices are not Int32, or y's axes are not theirs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is negative or not below size.</exception>
    public static Tensor ScatterAdd(this Tensor y, Tensor indices, long size, int axis = -1)
    {
        OpChecks.RequireType("scatter_add", indices, DType.Int32);
        using IndexSet set = IndexSet.From(indices, size);
        return y.ScatterAdd(set, axis);
    }
}
