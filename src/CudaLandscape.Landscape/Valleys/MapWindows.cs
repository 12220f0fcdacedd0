using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>The k x k windows of a convolution or a pooling over maps [C,H,W]: where they lie, cut at the borders.</summary>
internal readonly record struct MapWindows(int Kernel, int Stride, int Pad)
{
    /// <summary>The windows of a layer; null for one that has none.</summary>
    public static MapWindows? Of(Module? module) => module switch
    {
        Conv2d conv => new MapWindows(conv.Kernel, conv.Stride, conv.Pad),
        MaxPool2d pool => new MapWindows(pool.Kernel, pool.Stride, pool.Pad),
        AvgPool2d pool => new MapWindows(pool.Kernel, pool.Stride, 0),
        _ => null,
    };

    /// <summary>Rows or columns begin … end - 1 of a map of a size that window number i covers.</summary>
    public (int Begin, int End) Range(long i, long size)
    {
        long begin = i * Stride - Pad;
        return ((int)Math.Max(begin, 0), (int)Math.Min(begin + Kernel, size));
    }

    /// <summary>For every window [P,Q] whether a place of the map [H,W] inside it is set.</summary>
    public bool[] Any(ReadOnlySpan<bool> map, long height, long width, long p, long q)
    {
        bool[] any = new bool[p * q];
        for (int i = 0; i < any.Length; i++)
        {
            (int top, int bottom) = Range(i / q, height);
            (int left, int right) = Range(i % q, width);
            for (int h = top; h < bottom && !any[i]; h++) any[i] = map[(int)(h * width + left)..(int)(h * width + right)].Contains(true);
        }

        return any;
    }

    /// <summary>The inputs of every window over maps [C,H,W]; p and q run over the output's maps [·,P,Q].</summary>
    public int[][] Inputs(Shape maps, Shape output)
    {
        List<int[]> windows = [];
        for (long p = 0; p < output[1]; p++)
        {
            for (long q = 0; q < output[2]; q++) windows.Add(Inside(maps, Range(p, maps[1]), Range(q, maps[2])));
        }

        return [.. windows];
    }

    private static int[] Inside(Shape maps, (int Begin, int End) rows, (int Begin, int End) columns) =>
    [
        .. from c in Enumerable.Range(0, (int)maps[0])
           from h in Enumerable.Range(rows.Begin, rows.End - rows.Begin)
           from w in Enumerable.Range(columns.Begin, columns.End - columns.Begin)
           select (int)((c * maps[1] + h) * maps[2] + w),
    ];
}
