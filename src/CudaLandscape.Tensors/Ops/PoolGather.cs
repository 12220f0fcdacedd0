using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y[n,c,p,q] = x[n,c] at position indices[n,c,p,q]; linear in x, its adjoint is <see cref="PoolScatter"/>.</summary>
public sealed class PoolGather(int kernel, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "pool_gather";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(1);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireType(Name, x[1], DType.Int32);
        Pool2dSize size = new(Name, x[0].Shape, kernel, stride, pad);
        if (x[1].Shape != size.Pooled(x[0].Shape))
            throw new ArgumentException($"{Name}: expects indices {size.Pooled(x[0].Shape)} for {x[0]}, got {x[1]}.");
        Tensor y = Tensor.Empty(x[0].Device, x[1].Shape, x[0].DType, Name);
        if (y.ElementCount > 0)
            y.Device.Launch("pool2d_gather", y.DType, y.ElementCount, size.Planes, size.Area, size.PooledArea, x[0], x[1], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
        [new PoolScatter(b.Shape(0), kernel, stride, pad).Apply(b.Dy, b.X(1)), null];
}
