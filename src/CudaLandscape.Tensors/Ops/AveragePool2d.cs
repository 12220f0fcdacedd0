using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y[n,c,p,q] = the sum of x over the window at (p·stride - pad, q·stride - pad), divided by the window's whole area: padding
/// counts as zeros, PyTorch's default (count_include_pad). x[N,C,H,W], y[N,C,P,Q]. Linear, its adjoint is
/// <see cref="AveragePool2dAdjoint"/>.
/// </summary>
public sealed class AveragePool2d(int kernel, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "average_pool2d";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        Pool2dSize size = new(Name, x[0].Shape, kernel, stride, pad);
        Tensor y = Tensor.Empty(x[0].Device, size.Pooled(x[0].Shape), x[0].DType, Name);
        if (y.ElementCount > 0) y.Device.Launch("pool2d_average", y.DType, y.ElementCount, size, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
        [new AveragePool2dAdjoint(b.Shape(0), kernel, stride, pad).Apply(b.Dy)];
}

public static partial class TensorOps
{
    /// <summary>The mean of every window of x[N,C,H,W]; padding counts as zeros. The stride is the window by default.</summary>
    /// <exception cref="ArgumentException">The window does not fit the images.</exception>
    public static Tensor AveragePool2d(this Tensor x, int kernel, int? stride = null, int pad = 0) =>
        new AveragePool2d(kernel, stride ?? kernel, pad).Apply(x);

    /// <summary>The mean of every plane: x[N,C,H,W] to [N,C].</summary>
    /// <exception cref="ArgumentException">x has other axes, or planes without elements.</exception>
    public static Tensor GlobalAveragePool2d(this Tensor x)
    {
        OpChecks.RequireRank("global_average_pool2d", x, 4, "[N,C,H,W]");
        return x.Mean([2, 3]);
    }
}
