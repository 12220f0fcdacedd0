using System.Runtime.CompilerServices;

namespace CudaLandscape.Tensors.Ops;

/// <summary>Copies a box of elements between two tensors whose axes advance by their own strides.</summary>
internal static class StridedCopy
{
    private const int MaxRank = 6;

    /// <summary>Row-major strides of a shape, in elements.</summary>
    public static long[] Strides(Shape shape)
    {
        long[] strides = new long[shape.Rank];
        long stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>y[yOffset + Σ i·yStrides] = x[xOffset + Σ i·xStrides] for every index i of the box.</summary>
    public static void Run(string op, Shape box, Tensor x, long xOffset, long[] xStrides, Tensor y, long yOffset, long[] yStrides)
    {
        if (box.ElementCount == 0) return;
        Size size = Pack(op, box, Merged(box, xStrides, yStrides));
        (size.XOffset, size.YOffset) = (xOffset, yOffset);
        y.Device.Launch("strided_copy", y.DType, box.ElementCount, size, x, y);
    }

    // Innermost first. Neighbouring axes along which both sides advance evenly become one, so that rows are long.
    private static List<(long Size, long X, long Y)> Merged(Shape box, long[] xStrides, long[] yStrides)
    {
        List<(long Size, long X, long Y)> axes = [];
        for (int axis = box.Rank - 1; axis >= 0; axis--)
        {
            (long Size, long X, long Y) outer = (box[axis], xStrides[axis], yStrides[axis]);
            if (outer.Size == 1) continue;
            bool continues = axes.Count > 0 && outer.X == axes[^1].X * axes[^1].Size && outer.Y == axes[^1].Y * axes[^1].Size;
            if (continues) axes[^1] = axes[^1] with { Size = axes[^1].Size * outer.Size };
            else axes.Add(outer);
        }

        return axes;
    }

    private static Size Pack(string op, Shape box, List<(long Size, long X, long Y)> axes)
    {
        if (axes.Count > MaxRank + 1)
            throw new ArgumentException($"{op}: a box of {box} needs {axes.Count} axes after merging; at most {MaxRank + 1} are copied.");
        Size size = default;
        (size.Columns, size.XStep, size.YStep) = axes.Count > 0 ? axes[0] : (1, 1, 1);
        size.Rows = box.ElementCount / size.Columns;
        size.Rank = Math.Max(0, axes.Count - 1);
        for (int i = 0; i < size.Rank; i++) (size.Sizes[i], size.XStrides[i], size.YStrides[i]) = axes[axes.Count - 1 - i];
        return size;
    }

    /// <summary>The kernel's <c>StridedCopy</c>.</summary>
    private struct Size
    {
        public long Rank, Rows, Columns, XOffset, YOffset, XStep, YStep;
        public Axes Sizes, XStrides, YStrides;
    }

    [InlineArray(MaxRank)]
    private struct Axes
    {
        private long _first;
    }
}
