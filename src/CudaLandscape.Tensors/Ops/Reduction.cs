namespace CudaLandscape.Tensors.Ops;

/// <summary>Runs the reduce kernels: a whole tensor by one kernel, or sums over any set of axes.</summary>
internal static class Reduction
{
    // The split of an axis, as in native/kernels/reduce.cu: it fixes the order of combination.
    private const long RowChunk = 4096, ColumnChunk = 256;
    private const int RowLanes = 128;

    /// <summary>All elements combined by a kernel that reduces rows; one element.</summary>
    public static Tensor OfAll(string kernel, Tensor x) => Rows(kernel, x, 1, x.ElementCount);

    /// <summary>
    /// The sums over the marked axes, innermost group of axes first; the result is flat, its elements in the order of the kept
    /// axes.
    /// </summary>
    public static Tensor Sum(Tensor x, bool[] reduced)
    {
        Tensor values = x.View(x.Shape, 0, x.Name, null);
        long inner = 1;
        for (int end = reduced.Length; end > 0;)
        {
            int begin = end - 1;
            while (begin > 0 && reduced[begin - 1] == reduced[end - 1]) begin--;
            long n = Product(x.Shape, begin, end), outer = Product(x.Shape, 0, begin);
            if (!reduced[end - 1]) inner *= n;
            else values = inner == 1 ? Rows("reduce_sum_rows", values, outer, n) : SumColumns(values, outer, n, inner);
            end = begin;
        }

        return values;
    }

    private static Tensor Rows(string kernel, Tensor x, long outer, long n)
    {
        if (outer == 0 || n == 0) return Tensor.Zeros(x.Device, [outer], x.DType, kernel);
        do
        {
            long chunks = (n + RowChunk - 1) / RowChunk;
            Tensor y = Tensor.Empty(x.Device, [outer * chunks], x.DType, kernel);
            x.Device.LaunchBlocks(kernel, x.DType, outer * chunks, RowLanes, Math.Min(n, RowChunk), outer, n, x, y);
            (x, n) = (y, chunks);
        }
        while (n > 1);
        return x;
    }

    private static Tensor SumColumns(Tensor x, long outer, long n, long inner)
    {
        const string kernel = "reduce_sum_columns";
        if (outer * inner == 0 || n == 0) return Tensor.Zeros(x.Device, [outer * inner], x.DType, kernel);
        do
        {
            long chunks = (n + ColumnChunk - 1) / ColumnChunk;
            Tensor y = Tensor.Empty(x.Device, [outer * chunks * inner], x.DType, kernel);
            x.Device.Launch(kernel, x.DType, outer * chunks * inner, outer, n, inner, x, y);
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
}
