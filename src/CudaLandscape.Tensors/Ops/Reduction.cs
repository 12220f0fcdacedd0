namespace CudaLandscape.Tensors.Ops;

/// <summary>Runs the reduce kernels over any set of axes, innermost group of axes first.</summary>
internal static class Reduction
{
    // The split of an axis, as in native/kernels/reduce.cu: it fixes the order of combination.
    private const long RowChunk = 4096, ColumnChunk = 256;
    private const int RowLanes = 128;

    /// <summary>The sum.</summary>
    public static readonly Kernels Sum = new("reduce_sum_rows", "reduce_sum_columns");

    /// <summary>The largest magnitude.</summary>
    public static readonly Kernels MaxAbs = new("reduce_max_abs_rows", "reduce_max_abs_columns");

    /// <summary>The combination over the marked axes; the result is flat, its elements in the order of the kept axes.</summary>
    public static Tensor Run(Kernels kernels, Tensor x, bool[] reduced)
    {
        Tensor values = x.View(x.Shape, 0, x.Name, null);
        long inner = 1;
        for (int end = reduced.Length; end > 0;)
        {
            int begin = end - 1;
            while (begin > 0 && reduced[begin - 1] == reduced[end - 1]) begin--;
            long n = Product(x.Shape, begin, end);
            if (reduced[end - 1]) values = ReduceAxis(kernels, values, Product(x.Shape, 0, begin), n, inner);
            else inner *= n;
            end = begin;
        }

        return values;
    }

    private static Tensor ReduceAxis(Kernels kernels, Tensor x, long outer, long n, long inner)
    {
        if (outer * inner == 0 || n == 0) return Tensor.Zeros(x.Device, [outer * inner], x.DType, x.Name);
        do
        {
            long chunks = (n + (inner == 1 ? RowChunk : ColumnChunk) - 1) / (inner == 1 ? RowChunk : ColumnChunk);
            Tensor y = Tensor.Empty(x.Device, [outer * chunks * inner], x.DType, x.Name);
            if (inner == 1)
                x.Device.LaunchBlocks(kernels.Rows, x.DType, outer * chunks, RowLanes, Math.Min(n, RowChunk), outer, n, x, y);
            else
                x.Device.Launch(kernels.Columns, x.DType, outer * chunks * inner, outer, n, inner, x, y);
            (x, n) = (y, chunks);
        }
        while (n > 1);
        return x;
    }

    private static long Product(Shape shape, int begin, int end)
    {
        long product = 1;
        for (int axis = begin; axis < end; axis++) product *= shape[axis];
        return product;
    }

    /// <summary>Two kernels of one combination: along the innermost axis, and along one with others inside it.</summary>
    public sealed record Kernels(string Rows, string Columns);
}
