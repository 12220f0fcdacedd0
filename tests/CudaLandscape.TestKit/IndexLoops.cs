using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>References of ops that move elements, index tuple by index tuple; no engine code.</summary>
public static class IndexLoops
{
    public static HostArray Permute(HostArray x, params int[] axes)
    {
        HostArray y = HostArray.Zeros(Shape.Create(Array.ConvertAll(axes, a => x.Shape[a]))) with { Type = x.Type };
        foreach (long[] i in Tuples(y.Shape))
        {
            long[] from = new long[i.Length];
            for (int a = 0; a < axes.Length; a++) from[axes[a]] = i[a];
            y[i] = x[from];
        }

        return y;
    }

    /// <summary>x at begin, begin + step, … below end on every axis.</summary>
    public static HostArray Slice(HostArray x, long[] begin, long[] end, long[] step)
    {
        long[] sizes = new long[begin.Length];
        for (int a = 0; a < sizes.Length; a++)
        {
            for (long position = begin[a]; position < end[a]; position += step[a]) sizes[a]++;
        }

        HostArray y = HostArray.Zeros(Shape.Create(sizes)) with { Type = x.Type };
        foreach (long[] i in Tuples(y.Shape)) y[i] = x[[.. i.Select((p, a) => begin[a] + p * step[a])]];
        return y;
    }

    /// <summary>Zeros of a shape with x at begin, begin + step, … on every axis.</summary>
    public static HostArray Pad(HostArray x, Shape target, long[] begin, long[] step)
    {
        HostArray y = HostArray.Zeros(target) with { Type = x.Type };
        foreach (long[] i in Tuples(x.Shape)) y[[.. i.Select((p, a) => begin[a] + p * step[a])]] = x[i];
        return y;
    }

    public static HostArray Concat(int axis, params HostArray[] parts)
    {
        HostArray y = HostArray.Zeros(parts[0].Shape.With(axis, parts.Sum(p => p.Shape[axis]))) with { Type = parts[0].Type };
        long begin = 0;
        foreach (HostArray part in parts)
        {
            foreach (long[] i in Tuples(part.Shape)) y[[.. i.Select((p, a) => a == axis ? begin + p : p)]] = part[i];
            begin += part.Shape[axis];
        }

        return y;
    }

    /// <summary>x with part in the place of the channels (axis 1) from first on.</summary>
    public static HostArray WriteChannels(HostArray x, HostArray part, long first)
    {
        HostArray y = x with { Values = [.. x.Values] };
        foreach (long[] i in Tuples(part.Shape)) y[[i[0], first + i[1], .. i[2..]]] = part[i];
        return y;
    }

    /// <summary>x[o, indices[k], i] for a view of x as [outer, n, inner] around the axis.</summary>
    public static HostArray Gather(HostArray x, HostArray indices, int axis)
    {
        (long outer, long n, long inner) = Around(x.Shape, axis);
        int m = indices.Values.Length;
        double[] y = new double[outer * m * inner];
        for (long e = 0; e < y.Length; e++)
            y[e] = x.Values[(e / inner / m * n + (long)indices.Values[e / inner % m]) * inner + e % inner];
        return new HostArray(Shape.Create([.. x.Shape.Take(axis), .. indices.Shape, .. x.Shape.Skip(axis + 1)]), y, x.Type);
    }

    /// <summary>Adds y to zeros of a shape whose axis has the given size, at the indices, in their order.</summary>
    public static HostArray ScatterAdd(HostArray y, HostArray indices, int axis, long size)
    {
        Shape target = Shape.Create([.. y.Shape.Take(axis), size, .. y.Shape.Skip(axis + indices.Shape.Rank)]);
        HostArray x = HostArray.Zeros(target);
        (_, long n, long inner) = Around(target, axis);
        int m = indices.Values.Length;
        for (long e = 0; e < y.Values.Length; e++)
            x.Values[(e / inner / m * n + (long)indices.Values[e / inner % m]) * inner + e % inner] += y.Values[e];
        return x;
    }

    /// <summary>y[n, p T + t] = Σ_i w[t,i] x[n, patches[p,i]] + bias[p T + t].</summary>
    public static HostArray PatchConvolution(HostArray x, HostArray patches, HostArray w, HostArray? bias)
    {
        (long count, long filters) = (patches.Shape[0], w.Shape[0]);
        HostArray y = HostArray.Zeros([x.Shape[0], count * filters]);
        foreach (long[] i in Tuples([x.Shape[0], count, filters]))
        {
            long neuron = i[1] * filters + i[2];
            double sum = bias is null ? 0 : bias[neuron];
            for (long e = 0; e < patches.Shape[1]; e++) sum += w[i[2], e] * x[i[0], (long)patches[i[1], e]];
            y[i[0], neuron] = sum;
        }

        return y;
    }

    private static (long Outer, long Size, long Inner) Around(Shape shape, int axis) => (
        shape.Take(axis).Aggregate(1L, (a, b) => a * b), shape[axis], shape.Skip(axis + 1).Aggregate(1L, (a, b) => a * b));

    private static IEnumerable<long[]> Tuples(Shape shape)
    {
        for (long flat = 0; flat < shape.ElementCount; flat++)
        {
            long[] index = new long[shape.Rank];
            long rest = flat;
            for (int axis = shape.Rank - 1; axis >= 0; axis--) (rest, index[axis]) = (rest / shape[axis], rest % shape[axis]);
            yield return index;
        }
    }
}
