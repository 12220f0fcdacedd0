namespace CudaLandscape.Tensors.Ops;

/// <summary>x seen as [outer, n, inner] around one axis: what the kernels along an axis work on.</summary>
internal readonly record struct AxisSplit(long Outer, long N, long Inner)
{
    /// <summary>The split of a shape around an axis that has elements.</summary>
    /// <exception cref="ArgumentException">There is no such axis, or it is empty or longer than Int32 counts.</exception>
    public static AxisSplit Of(string op, Tensor x, int axis)
    {
        int resolved = OpChecks.RequireAxis(op, x, axis);
        long n = x.Shape[resolved];
        if (n is 0 or > int.MaxValue)
            throw new ArgumentException($"{op}: axis {axis} needs between 1 and 2^31 - 1 elements, got {x}.");
        return new AxisSplit(Product(x.Shape.Sizes[..resolved]), n, Product(x.Shape.Sizes[(resolved + 1)..]));
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes) product *= size;
        return product;
    }
}
