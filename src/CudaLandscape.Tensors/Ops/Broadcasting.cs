using System.Runtime.CompilerServices;

namespace CudaLandscape.Tensors.Ops;

/// <summary>Shapes and kernel sizes of broadcast operations.</summary>
internal static class Broadcasting
{
    private const int MaxRank = 6;

    public static Shape Combine(string op, Tensor a, Tensor b)
    {
        if (a.Shape == b.Shape) return a.Shape;
        int rank = Math.Max(a.Shape.Rank, b.Shape.Rank);
        long[] sizes = new long[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            long p = SizeAt(a.Shape, axis, rank), q = SizeAt(b.Shape, axis, rank);
            if (p != q && p != 1 && q != 1) throw new ArgumentException($"{op}: shapes do not broadcast: {a} and {b}.");
            sizes[axis] = p == 1 ? q : p;
        }

        return Shape.Create(sizes);
    }

    /// <summary>y = f(a, b) over y's shape, to which a and b broadcast.</summary>
    public static void Launch(string op, Tensor a, Tensor b, Tensor y) =>
        y.Device.Launch(
            y.Device.GetElementwiseKernel(op, y.DType), y.ElementCount, SizeOf(op, a.Shape, b.Shape, y.Shape), a, b, y);

    // Neighbouring axes along which both inputs advance evenly are merged, so that most cases have one or two axes.
    private static BroadcastSize SizeOf(string op, Shape a, Shape b, Shape y)
    {
        if (a == y && b == y) return new BroadcastSize { Rows = 1, Columns = y.ElementCount, AStep = 1, BStep = 1 };
        List<(long Size, long A, long B)> axes = [];
        long aStride = 1, bStride = 1;
        for (int axis = y.Rank - 1; axis >= 0; axis--)
        {
            long size = y[axis], aSize = SizeAt(a, axis, y.Rank), bSize = SizeAt(b, axis, y.Rank);
            (long Size, long A, long B) current = (size, aSize == 1 ? 0 : aStride, bSize == 1 ? 0 : bStride);
            aStride *= aSize;
            bStride *= bSize;
            if (size == 1) continue;
            if (axes.Count > 0 && Continues(axes[^1], current)) axes[^1] = axes[^1] with { Size = axes[^1].Size * size };
            else axes.Add(current);
        }

        return Pack(op, axes, y);
    }

    private static bool Continues((long Size, long A, long B) inner, (long Size, long A, long B) outer) =>
        outer.A == inner.A * inner.Size && outer.B == inner.B * inner.Size;

    private static BroadcastSize Pack(string op, List<(long Size, long A, long B)> axes, Shape y)
    {
        if (axes.Count > MaxRank + 1) throw new ArgumentException($"{op}: broadcast to {y} needs more than {MaxRank + 1} axes.");
        BroadcastSize size = default;
        size.Columns = axes.Count > 0 ? axes[0].Size : 1;
        size.Rows = y.ElementCount / size.Columns;
        (size.AStep, size.BStep) = axes.Count > 0 ? (axes[0].A, axes[0].B) : (1, 1);
        size.Rank = Math.Max(0, axes.Count - 1);
        for (int i = 0; i < size.Rank; i++)
        {
            (size.Size[i], size.A[i], size.B[i]) = axes[axes.Count - 1 - i];
        }

        return size;
    }

    private static long SizeAt(Shape shape, int axis, int rank)
    {
        int own = axis - (rank - shape.Rank);
        return own < 0 ? 1 : shape[own];
    }

    /// <summary>The kernel's <c>Broadcast</c>.</summary>
    private struct BroadcastSize
    {
        public long Rank, Rows, Columns, AStep, BStep;
        public Axes Size, A, B;
    }

    [InlineArray(MaxRank)]
    private struct Axes
    {
        private long _first;
    }
}
