using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y[i,c] = 1 where c = labels[i], else 0; labels Int32 [N] in [0, classes).</summary>
public sealed class OneHot(int classes, DType type) : Op
{
    /// <inheritdoc/>
    public override string Name => "one_hot";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireType(Name, x[0], DType.Int32);
        OpChecks.RequireRank(Name, x[0], 1, "[N]");
        if (classes < 1 || !type.IsFloat())
            throw new ArgumentException($"{Name}: expects at least one class and a float type, got {classes} classes of {type}.");
        Tensor y = Tensor.Empty(x[0].Device, [x[0].Shape[0], classes], type, Name);
        if (y.ElementCount > 0)
            y.Device.Launch("elementwise_one_hot", type, y.ElementCount, x[0].Shape[0], (long)classes, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>Rows of an identity matrix picked by label.</summary>
    public static Tensor OneHot(this Tensor labels, int classes, DType type) => new OneHot(classes, type).Apply(labels);
}
