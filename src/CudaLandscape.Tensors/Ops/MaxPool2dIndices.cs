using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>Positions h·W + w of the largest value in every window, the first one when several are equal; Int32 [N,C,P,Q].</summary>
public sealed class MaxPool2dIndices(int kernel, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "max_pool2d_indices";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        Pool2dSize size = new(Name, x[0].Shape, kernel, stride, pad);
        Tensor indices = Tensor.Empty(x[0].Device, size.Pooled(x[0].Shape), DType.Int32, Name);
        if (indices.ElementCount > 0)
            indices.Device.Launch("pool2d_argmax", x[0].DType, indices.ElementCount, size, x[0], indices);
        return indices;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null];
}

public static partial class TensorOps
{
    /// <summary>Positions of the largest value in every window.</summary>
    public static Tensor MaxPool2dIndices(this Tensor x, int kernel, int stride, int pad = 0) => 
        new MaxPool2dIndices(kernel, stride, pad).Apply(x);
}
