using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y[b,c] = before[b,c] + Σ_k x[b, positions[k]] v[c, first + k]: what the chosen neurons of a layer give to the outputs of a skip
/// network; x[B, …] with samples flattened, v[m,N], y[B,m]. Its gradient in x is <see cref="SkipReadoutInputGradient"/>, in v
/// <see cref="SkipReadoutWeightGradient"/>; the form Σ g y is linear in g, x and v, so that the three are each other's derivatives.
/// Nothing is gathered.
/// </summary>
/// <remarks>
/// A kernel of its own reads the neurons right after the layer has written them, and another, in one pass, makes their rows of the
/// gradient of v and adds to the gradient that the layer's backward pass needs anyway (<see cref="Backward.Sum"/>). Bytes of a step for
/// N = 50,000 of VGG11's 151,808 neurons, float32, batch 64 (its layers 38.9 MB, Ψ 12.8 MB, v 2 MB; a chosen neuron in nearly every
/// cache line):
/// <list type="bullet">
/// <item>Ψ gathered: nine passes over Ψ and seven over the layers and their gradients, 390 MB.</item>
/// <item>These kernels: the layers read twice, their gradients read and written once, v four times, 164 MB; on a GPU most of it from
/// the second-level cache, since the largest layer has 16.8 MB.</item>
/// <item>In the epilogues of the layers: only the neurons for the gradient of v and 0.1 MB of partial sums (a tile of 64 channels times
/// 64 positions gives 10 numbers), about 47 MB.</item>
/// </list>
/// The last would save at most 27 µs a step at 4.3 TB/s and less from a cache, but every body of every layer would have to look up
/// neurons and weights and reduce over its block, and neurons behind a normalisation or a join are no layer's epilogue. So the
/// kernels stand alone and serve any layer.
/// </remarks>
public sealed class SkipReadout : Op
{
    private readonly SkipHeadPart _part;

    internal SkipReadout(SkipHeadPart part) => _part = part;

    /// <inheritdoc/>
    public override string Name => "skip_readout";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Input(0) | Saves.Input(1) | Saves.Input(2);

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Tensor? before = x.Length > 3 ? x[3] : null;
        _part.Require(Name, x[0], x[1], x[0].Shape, x[1].Shape, before?.Shape ?? [x[0].Shape[0], x[1].Shape[0]]);
        if (before is not null) OpChecks.RequireSameFloat(Name, x[0], before);
        return _part.Readout(Name, x[0], x[1], x[2], before);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        (Tensor? dx, Tensor? dv) = GradientMode.IsEnabled ? Recorded(b) : InOnePass(b);
        return b.InputCount > 3 ? [dx, dv, null, b.Dy] : [dx, dv, null];
    }

    private (Tensor? Dx, Tensor? Dv) Recorded(in Backward b) => (
        b.Needs(0) ? new SkipReadoutInputGradient(_part, b.Shape(0)).Apply(b.Dy, b.X(1), b.X(2)) : null,
        b.Needs(1) ? new SkipReadoutWeightGradient(_part, b.Shape(1)).Apply(b.Dy, b.X(0), b.X(2)) : null);

    private (Tensor? Dx, Tensor? Dv) InOnePass(in Backward b)
    {
        Tensor? sum = b.Sum(0);
        Tensor? dx = !b.Needs(0) ? null : sum ?? Tensor.Empty(b.Dy.Device, b.Shape(0), b.Dy.DType, "skip_readout_input_gradient");
        Tensor? dv = !b.Needs(1) ? null : b.Sum(1) ?? Tensor.Zeros(b.Dy.Device, b.Shape(1), b.Dy.DType, "skip_readout_weight_gradient");
        _part.AddGradients(
            b.Shape(0), b.Shape(1), dv is null ? null : b.X(0), dx is null ? null : b.X(1), b.Dy, b.X(2), dx, isFresh: sum is null, dv);
        return (dx, dv);
    }
}

public static partial class TensorOps
{
    /// <summary>
    /// before + x[:, positions] v[:, first …]ᵀ without gathering: x[B, …] with samples flattened, positions rising, v[m,N],
    /// before[B,m] or nothing; gives [B,m].
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match, or the positions do not rise.</exception>
    public static Tensor SkipReadout(this Tensor x, Tensor v, IndexSet neurons, long first = 0, Tensor? before = null)
    {
        SkipHeadPart part = SkipHeadPart.Of("skip_readout", neurons, x.Shape, first);
        return before is null
            ? new SkipReadout(part).Apply(x, v, neurons.Table)
            : new SkipReadout(part).Apply(x, v, neurons.Table, before);
    }
}
