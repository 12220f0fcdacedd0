using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>y = x0 + x1 + …, added from the left; all shapes agree, nothing is broadcast.</summary>
public sealed class AddJoin : Join
{
    /// <inheritdoc/>
    public override string Kind => "Add";

    /// <inheritdoc/>
    public override Tensor Forward(IReadOnlyList<Tensor> inputs)
    {
        Tensor sum = inputs[0];
        for (int i = 1; i < inputs.Count; i++) sum += inputs[i];
        return sum;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        foreach (Shape input in inputs)
        {
            if (input != inputs[0])
                throw new ArgumentException($"add: expects samples of one shape, got {string.Join(" and ", inputs)}.");
        }

        return inputs[0];
    }
}
