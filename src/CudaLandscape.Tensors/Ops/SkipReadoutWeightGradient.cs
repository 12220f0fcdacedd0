using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// dv[c, first + k] = Σ_b dy[b,c] x[b, positions[k]], 0 in the other columns: the adjoint of <see cref="SkipReadout"/> in its weights,
/// whose shape is given.
/// </summary>
public sealed class SkipReadoutWeightGradient : Op
{
    private readonly SkipHeadPart _part;
    private readonly Shape _weights;

    internal SkipReadoutWeightGradient(SkipHeadPart part, Shape weights) => (_part, _weights) = (part, weights);

    /// <inheritdoc/>
    public override string Name => "skip_readout_weight_gradient";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        _part.Require(Name, x[0], x[1], x[1].Shape, _weights, x[0].Shape);
        Tensor dv = Tensor.Zeros(x[0].Device, _weights, x[0].DType, Name);
        _part.AddGradients(x[1].Shape, _weights, x[1], null, x[0], x[2], null, isFresh: false, dv);
        return dv;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
    [
        b.Needs(0) ? new SkipReadout(_part).Apply(b.X(1), b.Dy, b.X(2)) : null,
        b.Needs(1) ? new SkipReadoutInputGradient(_part, b.Shape(1)).Apply(b.X(0), b.Dy, b.X(2)) : null,
        null,
    ];
}

public static partial class TensorOps
{
    /// <summary>
    /// The gradient of <see cref="SkipReadout"/> with respect to its weights, of the given shape [m,N], from dy[B,m] and x[B, …].
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match, or the positions do not rise.</exception>
    public static Tensor SkipReadoutWeightGradient(this Tensor dy, Tensor x, IndexSet neurons, Shape weights, long first = 0)
    {
        SkipHeadPart part = SkipHeadPart.Of("skip_readout_weight_gradient", neurons, x.Shape, first);
        return new SkipReadoutWeightGradient(part, weights).Apply(dy, x, neurons.Table);
    }
}
