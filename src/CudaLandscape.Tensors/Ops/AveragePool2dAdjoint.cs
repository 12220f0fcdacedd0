using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// dx[n,c,h,w] = the sum of dy over the windows that cover (h,w), divided by the window's area, in the order of the windows:
/// the adjoint of <see cref="AveragePool2d"/>.
/// </summary>
public sealed class AveragePool2dAdjoint(Shape images, int kernel, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "average_pool2d_adjoint";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        Pool2dSize size = new(Name, images, kernel, stride, pad);
        if (x[0].Shape != size.Pooled(images))
            throw new ArgumentException($"{Name}: expects dy {size.Pooled(images)} for images {images}, got {x[0]}.");
        Tensor dx = Tensor.Empty(x[0].Device, images, x[0].DType, Name);
        if (dx.ElementCount > 0) dx.Device.Launch("pool2d_spread", dx.DType, dx.ElementCount, size, x[0], dx);
        return dx;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.AveragePool2d(kernel, stride, pad)];
}
