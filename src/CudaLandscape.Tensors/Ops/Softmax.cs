using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = e^x / Σ e^x along the last axis, computed from x - max x, so that nothing overflows; x[…,C], Float32 or Float64.
/// -inf gives 0; a NaN, an inf or a row of nothing but -inf makes the row NaN, as in PyTorch.
/// </summary>
public sealed class Softmax : Op
{
    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x) => SoftmaxRows.Run(Name, "softmax_rows", x[0]);

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Y * (b.Dy - (b.Dy * b.Y).Sum(-1, keep: true))];
}

public static partial class TensorOps
{
    /// <summary>e^x / Σ e^x along the last axis.</summary>
    /// <exception cref="ArgumentException">x has no axis or no float type.</exception>
    public static Tensor Softmax(this Tensor x) => new Softmax().Apply(x);
}
