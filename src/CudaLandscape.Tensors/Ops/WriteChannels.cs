using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y[n,c,…] = part[n, c - first, …] for the channels of part[N,K,…] and x[n,c,…] for the others, in the memory of x[N,C,…]: whoever still
/// reads x must read none of these channels. The backward pass leaves the gradient of y where it is for x, without these channels.
/// </summary>
public sealed class WriteChannels(long first) : Op
{
    /// <inheritdoc/>
    public override string Name => "write_channels";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        (Tensor buffer, Tensor part) = (x[0], x[1]);
        OpChecks.RequireSameFloat(Name, buffer, part);
        if (buffer.Shape.Rank < 2 || part.Shape.Rank != buffer.Shape.Rank || part.Shape.With(1, 0) != buffer.Shape.With(1, 0))
            throw new ArgumentException($"{Name}: {part} does not fit {buffer}; all axes but that of the channels, 1, must agree.");
        if (first < 0 || part.Shape[1] > buffer.Shape[1] - first)
            throw new ArgumentException($"{Name}: {buffer} has no channels {first} to {first + part.Shape[1] - 1}.");
        Tensor y = buffer.View(buffer.Shape, 0, Name, null);
        Copy(part, StridedCopy.Strides(part.Shape), part.Shape, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor part = b.Dy.Slice(1, first, first + b.Shape(1)[1]);
        return [b.Needs(0) ? WithoutPart(b, part) : null, b.Needs(1) ? part : null];
    }

    private Tensor WithoutPart(in Backward b, Tensor part)
    {
        if (!b.MayOverwriteDy) return b.Dy - part.Pad(Widths(first), Widths(b.Shape(0)[1] - first - part.Shape[1]));
        using TensorScope scope = new();
        Copy(Tensor.Zeros(part.Device, [1], part.DType), new long[part.Shape.Rank], part.Shape, b.Dy);
        return b.Dy;

        long[] Widths(long ofChannels) => [.. Enumerable.Range(0, part.Shape.Rank).Select(axis => axis == 1 ? ofChannels : 0)];
    }

    private void Copy(Tensor source, long[] strides, Shape part, Tensor buffer)
    {
        long[] targets = StridedCopy.Strides(buffer.Shape);
        StridedCopy.Run(Name, part, source, 0, strides, buffer, first * targets[1], targets);
    }
}

public static partial class TensorOps
{
    /// <summary>
    /// Writes part[N,K,…] over the channels first … first + K - 1 of x[N,C,…], in place; gives x with them. Nobody may read these channels
    /// of x any more.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor WriteChannels(this Tensor x, Tensor part, long first) => new WriteChannels(first).Apply(x, part);
}
