namespace CudaLandscape.Tensors.Ops;

/// <summary>Sums and means, composed of <see cref="SumTo"/> and <see cref="Reshape"/>.</summary>
public static partial class TensorOps
{
    /// <summary>The sum of all elements; scalar.</summary>
    public static Tensor Sum(this Tensor x) => x.SumTo(Shape.Scalar);

    /// <summary>The mean of all elements; scalar.</summary>
    /// <exception cref="ArgumentException">x has no elements.</exception>
    public static Tensor Mean(this Tensor x)
    {
        if (x.ElementCount == 0) throw new ArgumentException($"mean: {x} has no elements.");
        return x.Sum().Scale(1.0 / x.ElementCount);
    }

    /// <summary>The sum along one axis, which disappears or, with <paramref name="keep"/>, stays with size 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor Sum(this Tensor x, int axis, bool keep = false)
    {
        int resolved = x.Shape.ResolveAxis(axis);
        Shape kept = x.Shape.With(resolved, 1);
        if (keep) return x.SumTo(kept);
        long[] rest = [.. x.Shape.Sizes[..resolved], .. x.Shape.Sizes[(resolved + 1)..]];
        return x.SumTo(kept).Reshape(Shape.Create(rest));
    }

    /// <summary>The mean along one axis.</summary>
    /// <exception cref="ArgumentException">The axis has no elements.</exception>
    public static Tensor Mean(this Tensor x, int axis, bool keep = false)
    {
        if (x.Shape[axis] == 0) throw new ArgumentException($"mean: axis {axis} of {x} has no elements.");
        return x.Sum(axis, keep).Scale(1.0 / x.Shape[axis]);
    }
}
