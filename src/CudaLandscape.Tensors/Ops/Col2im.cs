using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Images whose pixels are the sums of the patch entries that read them: the adjoint of <see cref="Im2col"/>, added in a fixed
/// order.
/// </summary>
public sealed class Col2im(Conv2dSize size, long r, long s, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "col2im";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        if (x[0].Shape != size.Columns) throw new ArgumentException($"{Name}: expects columns {size.Columns}, got {x[0]}.");
        Tensor y = Tensor.Empty(x[0].Device, size.Images, x[0].DType, Name);
        if (y.ElementCount > 0) y.Device.Launch("im2col_dgrad", y.DType, y.ElementCount, size, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.Im2col(r, s, stride, pad)];
}

public static partial class TensorOps
{
    /// <summary>Images from sums of patch entries, the adjoint of Im2col.</summary>
    public static Tensor Col2im(this Tensor x, Conv2dSize size, long r, long s, int stride = 1, int pad = 0) => 
        new Col2im(size, r, s, stride, pad).Apply(x);
}
