using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y[i, …] = x[indices[i], …]; indices Int32 [M] in [0, N). For mini-batches: no gradient flows to x.</summary>
public sealed class GatherRows : Op
{
    /// <inheritdoc/>
    public override string Name => "gather_rows";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireType(Name, x[1], DType.Int32);
        OpChecks.RequireRank(Name, x[1], 1, "[M]");
        if (x[0].RequiresGradient) throw new ArgumentException($"{Name}: no gradient flows to {x[0]}; Detach it first.");
        if (x[0].Shape.Rank == 0) throw new ArgumentException($"{Name}: expects at least one axis, got {x[0]}.");
        Tensor y = Tensor.Empty(x[0].Device, x[0].Shape.With(0, x[1].Shape[0]), x[0].DType, Name);
        long rows = x[1].Shape[0];
        if (y.ElementCount > 0)
            y.Device.Launch("layout_gather_rows", y.DType, y.ElementCount, rows, y.ElementCount / rows, x[0], x[1], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null, null];
}

public static partial class TensorOps
{
    /// <summary>Rows of x picked by index.</summary>
    public static Tensor GatherRows(this Tensor x, Tensor indices) => new GatherRows().Apply(x, indices);
}
