using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>References along one axis: positions, picks and softmax.</summary>
public static partial class Loops
{
    /// <summary>The first position of the largest value along an axis.</summary>
    public static HostArray ArgMax(HostArray x, int axis) => AlongAxis(x, axis, DType.Int32, values =>
    {
        int best = 0;
        for (int e = 1; e < values.Length; e++)
        {
            if (values[e] > values[best]) best = e;
        }

        return best;
    });

    public static HostArray Max(HostArray x, int axis) => AlongAxis(x, axis, DType.Float64, values => values.Max());

    /// <summary>√(Σ x²) along an axis.</summary>
    public static HostArray Norm(HostArray x, int axis) =>
        AlongAxis(x, axis, DType.Float64, values => Math.Sqrt(values.Sum(v => v * v)));

    /// <summary>y[o,i] = x[o, indices[o,i], i] around the axis.</summary>
    public static HostArray TakeAlongAxis(HostArray x, HostArray indices, int axis)
    {
        int position = 0;
        return AlongAxis(x, axis, DType.Float64, values => values[(int)indices.Values[position++]]);
    }

    /// <summary>x[o, indices[o,i], i] = y[o,i], zeros elsewhere.</summary>
    public static HostArray PutAlongAxis(HostArray y, HostArray indices, Shape target, int axis)
    {
        HostArray x = HostArray.Zeros(target);
        (long n, long inner) = (target[axis], InnerOf(target, axis));
        for (long i = 0; i < y.Values.Length; i++)
            x.Values[(i / inner * n + (long)indices.Values[i]) * inner + i % inner] = y.Values[i];
        return x;
    }

    public static HostArray LogSoftmax(HostArray x)
    {
        double[] values = new double[x.Values.Length];
        int n = (int)x.Shape[-1];
        for (int row = 0; row < values.Length; row += n)
        {
            double largest = x.Values.AsSpan(row, n).ToArray().Max(), sum = 0;
            for (int e = row; e < row + n; e++) sum += Math.Exp(x.Values[e] - largest);
            for (int e = row; e < row + n; e++) values[e] = x.Values[e] - largest - Math.Log(sum);
        }

        return x with { Values = values };
    }

    /// <summary>-(1/N) Σ ln softmax(x)[i, labels[i]].</summary>
    public static HostArray CrossEntropy(HostArray x, HostArray labels)
    {
        HostArray log = LogSoftmax(x);
        double sum = 0;
        for (int i = 0; i < labels.Values.Length; i++) sum -= log[i, (long)labels.Values[i]];
        return new HostArray([], [sum / labels.Values.Length]);
    }

    private static HostArray AlongAxis(HostArray x, int axis, DType type, Func<double[], double> f)
    {
        (long n, long inner) = (x.Shape[axis], InnerOf(x.Shape, axis));
        Shape shape = Shape.Create([.. x.Shape.Where((_, i) => i != x.Shape.ResolveAxis(axis))]);
        double[] y = new double[shape.ElementCount];
        for (long i = 0; i < y.Length; i++)
        {
            double[] values = new double[n];
            for (long e = 0; e < n; e++) values[e] = x.Values[(i / inner * n + e) * inner + i % inner];
            y[i] = f(values);
        }

        return new HostArray(shape, y, type);
    }

    private static long InnerOf(Shape shape, int axis)
    {
        long inner = 1;
        for (int i = shape.ResolveAxis(axis) + 1; i < shape.Rank; i++) inner *= shape[i];
        return inner;
    }
}
