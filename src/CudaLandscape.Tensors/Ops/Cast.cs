using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>x converted to another element type: to a float type by rounding to nearest, to Int32 towards zero.</summary>
public sealed class Cast(DType type) : Op
{
    /// <inheritdoc/>
    public override string Name => "cast";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => type.IsFloat();

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        if (x[0].DType == type) return x[0].View(x[0].Shape, 0, Name, null);
        if (type == DType.UInt8) throw new ArgumentException($"{Name}: nothing is converted to UInt8; got {x[0]}.");
        Tensor y = Tensor.Empty(x[0].Device, x[0].Shape, type, Name);
        long count = y.ElementCount;
        if (count > 0) y.Device.Launch($"elementwise_cast_{x[0].DType.Suffix()}", type, count, count, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.Cast(type == DType.Float32 ? DType.Float64 : DType.Float32)];
}

public static partial class TensorOps
{
    /// <summary>x converted to another element type.</summary>
    public static Tensor Cast(this Tensor x, DType type) => new Cast(type).Apply(x);
}
