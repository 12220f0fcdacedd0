using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The patches of images as columns: y[n, (c,r,s), (p,q)] = x[n, c, p·stride - pad + r, q·stride - pad + s], 0 outside. Linear;
/// its adjoint is <see cref="Col2im"/>.
/// </summary>
public sealed class Im2col(long r, long s, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "im2col";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        Conv2dSize size = new(Name, x[0].Shape, r, s, stride, pad);
        Tensor y = Tensor.Empty(x[0].Device, size.Columns, x[0].DType, Name);
        if (y.ElementCount > 0) y.Device.Launch("im2col_fprop", y.DType, y.ElementCount, size, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
        [b.Dy.Col2im(new Conv2dSize(Name, b.Shape(0), r, s, stride, pad), r, s, stride, pad)];
}

public static partial class TensorOps
{
    /// <summary>The patches of images as columns.</summary>
    public static Tensor Im2col(this Tensor x, long r, long s, int stride = 1, int pad = 0) => 
        new Im2col(r, s, stride, pad).Apply(x);
}
