using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// dw[k,c,r,s] = Σ_{n,p,q} dy[n,k,p,q] x[n, c, p·stride - pad + r, q·stride - pad + s]; the adjoint of <see cref="Conv2dForward"/> in its
/// kernels, whose shape is given. Added in groups of positions that the shapes alone fix.
/// </summary>
public sealed class Conv2dWeightGradient(Shape kernels, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv2d_weight_gradient";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Conv2dPass pass = new(Name, x[0], x[1], x[1].Shape, kernels, stride, pad);
        pass.RequireOutputs(x[0]);
        return pass.WeightGradient(x[0], x[1], Name);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
    [
        b.Needs(0) ? b.X(1).Conv2d(b.Dy, stride, pad) : null,
        b.Needs(1) ? b.X(0).Conv2dInputGradient(b.Dy, b.Shape(1), stride, pad) : null,
    ];
}

public static partial class TensorOps
{
    /// <summary>The gradient of Conv2d with respect to its kernels [K,C,R,S], from dy[N,K,P,Q] and x[N,C,H,W].</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor Conv2dWeightGradient(this Tensor dy, Tensor x, Shape kernels, int stride = 1, int pad = 0) =>
        new Conv2dWeightGradient(kernels, stride, pad).Apply(dy, x);
}
