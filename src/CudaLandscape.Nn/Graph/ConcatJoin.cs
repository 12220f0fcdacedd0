using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>The inputs one after the other along an axis of the sample, 0 (channels, features) unless told.</summary>
public sealed class ConcatJoin(int axis = 0) : Join
{
    /// <summary>The axis of the sample.</summary>
    internal int Axis => axis;

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
            if (!Fits(input, first))
                throw new ArgumentException(
                    $"concat: samples {string.Join(" and ", inputs)} must agree in all axes but axis {axis}.");
            size += input[axis];
        }

        return first.With(axis, size);
    }

    private bool Fits(Shape a, Shape b) =>
        axis >= 0 && axis < a.Rank && a.Rank == b.Rank && a.With(axis, 0) == b.With(axis, 0);
}
