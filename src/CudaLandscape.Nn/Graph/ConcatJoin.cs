using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>The inputs one after the other along an axis of the sample, channels or features unless told; the others agree.</summary>
public sealed class ConcatJoin(int axis = 0) : Join
{
    /// <inheritdoc/>
    public override string Kind => axis == 0 ? "Concat" : $"Concat({axis})";

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs) => inputs.Concat(axis + 1);

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Shape first = inputs[0];
        long size = 0;
        foreach (Shape input in inputs)
        {
            bool fits = axis >= 0 && axis < first.Rank && input.Rank == first.Rank && input.With(axis, 0) == first.With(axis, 0);
            if (!fits)
                throw new ArgumentException($"concat: samples {string.Join(" and ", inputs)} must agree in all axes but axis {axis}.");
            size += input[axis];
        }

        return first.With(axis, size);
    }
}
