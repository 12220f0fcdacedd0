using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>Reference computations as plain double loops written from the formulas; no engine code.</summary>
public static partial class Loops
{
    public static HostArray Map(HostArray x, Func<double, double> f) => x with { Values = Array.ConvertAll(x.Values, v => f(v)) };

    /// <summary>f(a, b) with NumPy broadcasting, index by index.</summary>
    public static HostArray Broadcast(HostArray a, HostArray b, Func<double, double, double> f)
    {
        int rank = Math.Max(a.Shape.Rank, b.Shape.Rank);
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; i++) sizes[i] = Math.Max(Size(a, i, rank), Size(b, i, rank)) * (Size(a, i, rank) * Size(b, i, rank) == 0 ? 0 : 1);
        HostArray y = HostArray.Zeros(Shape.Create(sizes));
        for (int flat = 0; flat < y.Values.Length; flat++)
        {
            y.Values[flat] = f(a.Values[Offset(a, y.Shape, flat)], b.Values[Offset(b, y.Shape, flat)]);
        }

        return y;
    }

    /// <summary>x summed over what <paramref name="target"/> lacks or has with size 1.</summary>
    public static HostArray SumTo(HostArray x, Shape target)
    {
        HostArray y = HostArray.Zeros(target);
        for (int flat = 0; flat < x.Values.Length; flat++) y.Values[Offset(y, x.Shape, flat)] += x.Values[flat];
        return y;
    }

    public static HostArray MatMul(HostArray a, HostArray b, bool ta, bool tb)
    {
        (long m, long k) = ta ? (a.Shape[-1], a.Shape[-2]) : (a.Shape[-2], a.Shape[-1]);
        long n = tb ? b.Shape[-2] : b.Shape[-1];
        long batch = a.Shape.Rank == 3 ? a.Shape[0] : b.Shape.Rank == 3 ? b.Shape[0] : 1;
        bool batched = a.Shape.Rank == 3 || b.Shape.Rank == 3;
        double[] y = new double[batch * m * n];
        for (long g = 0; g < batch; g++)
        {
            long a0 = a.Shape.Rank == 3 ? g * m * k : 0, b0 = b.Shape.Rank == 3 ? g * k * n : 0;
            for (long r = 0; r < m; r++)
            {
                for (long c = 0; c < n; c++)
                {
                    double sum = 0;
                    for (long i = 0; i < k; i++)
                        sum += a.Values[a0 + (ta ? i * m + r : r * k + i)] * b.Values[b0 + (tb ? c * k + i : i * n + c)];
                    y[(g * m + r) * n + c] = sum;
                }
            }
        }

        return new HostArray(batched ? [batch, m, n] : [m, n], y);
    }

    /// <summary>y[n,k,p,q] = Σ w[k,c,r,s] x[n, c, p stride - pad + r, q stride - pad + s].</summary>
    public static HostArray Conv2d(HostArray x, HostArray w, int stride, int pad)
    {
        (long p, long q) = ((x.Shape[2] + 2 * pad - w.Shape[2]) / stride + 1, (x.Shape[3] + 2 * pad - w.Shape[3]) / stride + 1);
        HostArray y = HostArray.Zeros([x.Shape[0], w.Shape[0], p, q]);
        EachWindow(x, y.Shape, w.Shape[2], w.Shape[3], stride, pad, (n, k, i, j, r, s, h, v) =>
        {
            for (long c = 0; c < x.Shape[1]; c++) y[n, k, i, j] += w[k, c, r, s] * x[n, c, h, v];
        });
        return y;
    }

    /// <summary>Columns [N, C R S, P Q] of the patches.</summary>
    public static HostArray Im2col(HostArray x, long r, long s, int stride, int pad)
    {
        (long p, long q) = ((x.Shape[2] + 2 * pad - r) / stride + 1, (x.Shape[3] + 2 * pad - s) / stride + 1);
        HostArray y = HostArray.Zeros([x.Shape[0], x.Shape[1] * r * s, p * q]);
        EachWindow(x, [x.Shape[0], x.Shape[1], p, q], r, s, stride, pad, (n, c, i, j, a, b, h, v) =>
            y[n, (c * r + a) * s + b, i * q + j] = x[n, c, h, v]);
        return y;
    }

    /// <summary>The adjoint of <see cref="Im2col"/>.</summary>
    public static HostArray Col2im(HostArray columns, Shape images, long r, long s, int stride, int pad)
    {
        (long p, long q) = ((images[2] + 2 * pad - r) / stride + 1, (images[3] + 2 * pad - s) / stride + 1);
        HostArray x = HostArray.Zeros(images);
        EachWindow(x, [images[0], images[1], p, q], r, s, stride, pad, (n, c, i, j, a, b, h, v) =>
            x[n, c, h, v] += columns[n, (c * r + a) * s + b, i * q + j]);
        return x;
    }

    /// <summary>Index of the first largest value of every window.</summary>
    public static HostArray MaxIndices(HostArray x, int kernel, int stride, int pad)
    {
        (long p, long q) = ((x.Shape[2] + 2 * pad - kernel) / stride + 1, (x.Shape[3] + 2 * pad - kernel) / stride + 1);
        Shape pooled = [x.Shape[0], x.Shape[1], p, q];
        HostArray best = new(pooled, Array.ConvertAll(new double[pooled.ElementCount], _ => -1.0), DType.Int32);
        EachWindow(x, pooled, kernel, kernel, stride, pad, (n, c, i, j, _, _, h, v) =>
        {
            double index = best[n, c, i, j];
            double largest = index < 0 ? double.NegativeInfinity : x[n, c, (long)index / x.Shape[3], (long)index % x.Shape[3]];
            if (index < 0 || x[n, c, h, v] > largest || (double.IsNaN(x[n, c, h, v]) && !double.IsNaN(largest)))
                best[n, c, i, j] = h * x.Shape[3] + v;
        });
        return best;
    }

    public static HostArray PoolGather(HostArray x, HostArray indices)
    {
        HostArray y = HostArray.Zeros(indices.Shape);
        long area = x.Shape[2] * x.Shape[3], pooled = indices.Shape[2] * indices.Shape[3];
        for (int i = 0; i < y.Values.Length; i++) y.Values[i] = x.Values[i / pooled * area + (long)indices.Values[i]];
        return y;
    }

    public static HostArray PoolScatter(HostArray dy, HostArray indices, Shape images)
    {
        HostArray dx = HostArray.Zeros(images);
        long area = images[2] * images[3], pooled = indices.Shape[2] * indices.Shape[3];
        for (int i = 0; i < dy.Values.Length; i++) dx.Values[i / pooled * area + (long)indices.Values[i]] += dy.Values[i];
        return dx;
    }

    /// <summary>Sums over the windows, padding as zeros, divided by kernel².</summary>
    public static HostArray AveragePool2d(HostArray x, int kernel, int stride, int pad)
    {
        (long p, long q) = ((x.Shape[2] + 2 * pad - kernel) / stride + 1, (x.Shape[3] + 2 * pad - kernel) / stride + 1);
        HostArray y = HostArray.Zeros([x.Shape[0], x.Shape[1], p, q]);
        EachWindow(x, y.Shape, kernel, kernel, stride, pad, (n, c, i, j, _, _, h, w) =>
            y[n, c, i, j] += x[n, c, h, w] / (kernel * kernel));
        return y;
    }

    /// <summary>The adjoint of <see cref="AveragePool2d"/>.</summary>
    public static HostArray AveragePool2dAdjoint(HostArray dy, Shape images, int kernel, int stride, int pad)
    {
        HostArray x = HostArray.Zeros(images);
        EachWindow(x, dy.Shape, kernel, kernel, stride, pad, (n, c, i, j, _, _, h, w) =>
            x[n, c, h, w] += dy[n, c, i, j] / (kernel * kernel));
        return x;
    }

    /// <summary>Solves op(A) X = B by elimination, reading only the named triangle of A.</summary>
    public static HostArray SolveTriangular(HostArray a, HostArray b, bool upper, bool transpose)
    {
        (long n, long m) = (b.Shape[0], b.Shape[1]);
        HostArray x = b with { Values = (double[])b.Values.Clone() };
        bool backward = upper != transpose;
        for (long step = 0; step < n; step++)
        {
            long r = backward ? n - 1 - step : step;
            for (long c = 0; c < m; c++)
            {
                double sum = x[r, c];
                for (long done = 0; done < step; done++)
                {
                    long j = backward ? n - 1 - done : done;
                    sum -= (transpose ? a[j, r] : a[r, j]) * x[j, c];
                }

                x[r, c] = sum / a[r, r];
            }
        }

        return x;
    }

    private delegate void WindowVisitor(long n, long c, long p, long q, long r, long s, long h, long w);

    private static void EachWindow(HostArray x, Shape y, long kernelH, long kernelW, int stride, int pad, WindowVisitor visit)
    {
        for (long n = 0; n < y[0]; n++)
        for (long c = 0; c < y[1]; c++)
        for (long p = 0; p < y[2]; p++)
        for (long q = 0; q < y[3]; q++)
        for (long r = 0; r < kernelH; r++)
        for (long s = 0; s < kernelW; s++)
        {
            long h = p * stride - pad + r, w = q * stride - pad + s;
            if (h >= 0 && h < x.Shape[2] && w >= 0 && w < x.Shape[3]) visit(n, c, p, q, r, s, h, w);
        }
    }

    private static long Size(HostArray x, int axis, int rank) => axis < rank - x.Shape.Rank ? 1 : x.Shape[axis - (rank - x.Shape.Rank)];

    // The offset in the smaller array of an element of the full shape.
    private static long Offset(HostArray x, Shape full, long flat)
    {
        long offset = 0, stride = 1;
        for (int axis = full.Rank - 1; axis >= 0; axis--)
        {
            long coordinate = flat % full[axis];
            flat /= full[axis];
            long size = Size(x, axis, full.Rank);
            if (size > 1) offset += coordinate * stride;
            stride *= size;
        }

        return offset;
    }
}
