using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// dx[n,c,h,w] = Σ_{k,r,s} w[k,c,r,s] dy[n,k,p,q] over the (p,q) that read (h,w), p·stride - pad + r = h; the adjoint of
/// <see cref="Conv2dForward"/> in its images, whose shape is given.
/// </summary>
public sealed class Conv2dInputGradient(Shape images, int stride, int pad) : Op
{
    /// <inheritdoc/>
    public override string Name => "conv2d_input_gradient";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Conv2dPass pass = new(Name, x[0], x[1], images, x[1].Shape, stride, pad);
        pass.RequireOutputs(x[0]);
        return pass.Correlate(Conv2dKind.InputGradient, images, images[1], x[0], x[1], Name);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
    [
        b.Needs(0) ? b.Dy.Conv2d(b.X(1), stride, pad) : null,
        b.Needs(1) ? b.X(0).Conv2dWeightGradient(b.Dy, b.Shape(1), stride, pad) : null,
    ];
}

public static partial class TensorOps
{
    /// <summary>The gradient of Conv2d with respect to its images [N,C,H,W], from dy[N,K,P,Q] and w[K,C,R,S].</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor Conv2dInputGradient(this Tensor dy, Tensor w, Shape images, int stride = 1, int pad = 0) =>
        new Conv2dInputGradient(images, stride, pad).Apply(dy, w);
}
