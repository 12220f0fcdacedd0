using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = x - ln Σ e^x along the last axis, computed from x - max x, so that nothing overflows; x[…,C], Float32 or Float64.
/// -inf stays -inf; a NaN, an inf or a row of nothing but -inf makes the row NaN, as in PyTorch.
/// </summary>
public sealed class LogSoftmax : Op
{
    /// <inheritdoc/>
    public override string Name => "log_softmax";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x) => SoftmaxRows.Run(Name, "softmax_log_rows", x[0]);

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy - b.Y.Exp() * b.Dy.Sum(-1, keep: true)];
}

public static partial class TensorOps
{
    /// <summary>x - ln Σ e^x along the last axis.</summary>
    /// <exception cref="ArgumentException">x has no axis or no float type.</exception>
    public static Tensor LogSoftmax(this Tensor x) => new LogSoftmax().Apply(x);
}
