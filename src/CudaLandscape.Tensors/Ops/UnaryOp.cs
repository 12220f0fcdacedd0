using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>An elementwise function of one float tensor: kernel <c>elementwise_&lt;name&gt;</c> with parameters p and q.</summary>
public abstract class UnaryOp : Op
{
    /// <summary>First scalar parameter of the kernel.</summary>
    protected virtual double P => 0;

    /// <summary>Second scalar parameter of the kernel.</summary>
    protected virtual double Q => 0;

    /// <inheritdoc/>
    protected internal sealed override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        Tensor y = Tensor.Empty(x[0].Device, x[0].Shape, x[0].DType, Name);
        long count = y.ElementCount;
        if (count > 0) y.Device.Launch(y.Device.GetElementwiseKernel(Name, y.DType), count, count, x[0], y, P, Q);
        return y;
    }
}
