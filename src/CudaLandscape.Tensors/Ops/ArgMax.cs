using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>Position of the largest value along the last axis, the first one when several are equal; Int32.</summary>
public sealed class ArgMax : Op
{
    /// <inheritdoc/>
    public override string Name => "argmax";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        if (x[0].Shape.Rank == 0 || x[0].Shape[-1] == 0)
            throw new ArgumentException($"{Name}: the last axis needs at least one element, got {x[0]}.");
        Tensor y = Tensor.Empty(x[0].Device, Shape.Create(x[0].Shape.Sizes[..^1]), DType.Int32, Name);
        if (y.ElementCount > 0)
            y.Device.Launch("reduce_argmax", x[0].DType, x[0].ElementCount, y.ElementCount, x[0].Shape[-1], x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>Position of the largest value along the last axis.</summary>
    public static Tensor ArgMax(this Tensor x) => new ArgMax().Apply(x);
}
