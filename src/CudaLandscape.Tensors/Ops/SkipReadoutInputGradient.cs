using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// dx[b, positions[k]] = Σ_c dy[b,c] v[c, first + k], 0 for the other neurons: the adjoint of <see cref="SkipReadout"/> in its layer,
/// whose shape is given.
/// </summary>
public sealed class SkipReadoutInputGradient : Op
{
    private readonly SkipHeadPart _part;
    private readonly Shape _layer;

    internal SkipReadoutInputGradient(SkipHeadPart part, Shape layer) => (_part, _layer) = (part, layer);

    /// <inheritdoc/>
    public override string Name => "skip_readout_input_gradient";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        _part.Require(Name, x[0], x[1], _layer, x[1].Shape, x[0].Shape);
        Tensor dx = Tensor.Empty(x[0].Device, _layer, x[0].DType, Name);
        _part.AddGradients(_layer, x[1].Shape, null, x[1], x[0], x[2], dx, isFresh: true, null);
        return dx;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) =>
    [
        b.Needs(0) ? new SkipReadout(_part).Apply(b.Dy, b.X(1), b.X(2)) : null,
        b.Needs(1) ? new SkipReadoutWeightGradient(_part, b.Shape(1)).Apply(b.X(0), b.Dy, b.X(2)) : null,
        null,
    ];
}

public static partial class TensorOps
{
    /// <summary>
    /// The gradient of <see cref="SkipReadout"/> with respect to its layer, of the given shape [B, …], from dy[B,m] and v[m,N].
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match, or the positions do not rise.</exception>
    public static Tensor SkipReadoutInputGradient(this Tensor dy, Tensor v, IndexSet neurons, Shape layer, long first = 0)
    {
        SkipHeadPart part = SkipHeadPart.Of("skip_readout_input_gradient", neurons, layer, first);
        return new SkipReadoutInputGradient(part, layer).Apply(dy, v, neurons.Table);
    }
}
