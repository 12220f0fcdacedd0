using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// An elementwise function of two float tensors of one type, broadcast as NumPy does: axes are aligned at the end, and a
/// missing axis or one of size 1 is repeated.
/// </summary>
public abstract class BinaryOp : Op
{
    /// <inheritdoc/>
    protected internal sealed override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireSameFloat(Name, x[0], x[1]);
        Shape shape = Broadcasting.Combine(Name, x[0], x[1]);
        Tensor y = Tensor.Empty(x[0].Device, shape, x[0].DType, Name);
        if (y.ElementCount > 0) Broadcasting.Launch(Name, x[0], x[1], y);
        return y;
    }
}
