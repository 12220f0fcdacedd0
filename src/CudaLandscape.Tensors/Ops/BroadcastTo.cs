using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>x repeated along missing axes and axes of size 1 until it has the target shape.</summary>
public sealed class BroadcastTo(Shape target) : Op
{
    /// <inheritdoc/>
    public override string Name => "broadcast";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        Tensor y = Tensor.Empty(x[0].Device, target, x[0].DType, Name);
        if (target.Rank < x[0].Shape.Rank || Broadcasting.Combine(Name, x[0], y) != target)
            throw new ArgumentException($"{Name}: {x[0]} does not broadcast to {target}.");
        if (y.ElementCount > 0) Broadcasting.Launch(Name, x[0], x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.SumTo(b.Shape(0))];
}

public static partial class TensorOps
{
    /// <summary>x repeated to the target shape.</summary>
    public static Tensor BroadcastTo(this Tensor x, Shape target) => x.Shape == target ? x : new BroadcastTo(target).Apply(x);
}
