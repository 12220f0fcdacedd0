using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// dx[n,c,h,w] = the sum of dy over the windows whose index is h·W + w: the adjoint of <see cref="PoolGather"/>, added in the
/// order of the windows.
/// </summary>
public sealed class PoolScatter(Shape images, int kernel, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "pool_scatter";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(1);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireType(Name, x[1], DType.Int32);
        Pool2dSize size = new(Name, images, kernel, stride, pad);
        if (x[0].Shape != size.Pooled(images) || x[1].Shape != x[0].Shape)
            throw new ArgumentException($"{Name}: expects dy and indices {size.Pooled(images)}, got {x[0]} and {x[1]}.");
        Tensor dx = Tensor.Empty(x[0].Device, images, x[0].DType, Name);
        if (dx.ElementCount > 0) dx.Device.Launch("pool2d_scatter", dx.DType, dx.ElementCount, size, x[0], x[1], dx);
        return dx;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [new PoolGather(kernel, stride, pad).Apply(b.Dy, b.X(1)), null];
}
