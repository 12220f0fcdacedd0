using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The inputs behind each other along one axis (counted from the front); their other axes and their element types, any,
/// agree. The gradients are <see cref="Slice"/>s.
/// </summary>
public sealed class Concat(int axis) : Op
{
    /// <inheritdoc/>
    public override string Name => "concat";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Tensor y = Tensor.Empty(x[0].Device, Joined(x), x[0].DType, Name);
        long[] strides = StridedCopy.Strides(y.Shape);
        long begin = 0;
        foreach (Tensor part in x)
        {
            StridedCopy.Run(Name, part.Shape, part, 0, StridedCopy.Strides(part.Shape), y, begin * strides[axis], strides);
            begin += part.Shape[axis];
        }

        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        Tensor?[] parts = new Tensor?[b.InputCount];
        long begin = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            long end = begin + b.Shape(i)[axis];
            if (b.Needs(i)) parts[i] = b.Dy.Slice(axis, begin, end);
            begin = end;
        }

        return parts;
    }

    private Shape Joined(Tensor[] x)
    {
        Shape shape = x[0].Shape.With(axis, 0);
        if (Array.Find(x, part => part.DType != x[0].DType || part.Shape.Rank != shape.Rank || part.Shape.With(axis, 0) != shape) is { } odd)
            throw new ArgumentException($"{Name}: {odd} does not fit to {x[0]}; types and all axes but axis {axis} must agree.");
        return shape.With(axis, x.Sum(part => part.Shape[axis]));
    }
}

public static partial class TensorOps
{
    /// <summary>The parts behind each other along an axis, which may count from the end.</summary>
    /// <exception cref="ArgumentException">There are no parts, or their types or other axes differ.</exception>
    public static Tensor Concat(this IReadOnlyList<Tensor> parts, int axis)
    {
        if (parts.Count == 0) throw new ArgumentException("concat: expects at least one tensor, got none.");
        return new Concat(parts[0].Shape.ResolveAxis(axis)).Apply([.. parts]);
    }
}
