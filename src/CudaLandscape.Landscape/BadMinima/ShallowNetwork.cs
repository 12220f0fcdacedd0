using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// The loss ½ Σ_i (f(x_i) - y_i)² of networks with one hidden layer as a function of all their weights θ (see
/// <see cref="ShallowPoint"/>), for many θ at once: the rows of θ[K,P], P = h d + 2 h + 1.
/// </summary>
public sealed class ShallowNetwork : IDisposable
{
    // Points measured in one go: some ten tensors of 2000 h N numbers.
    private const int Batch = 2000;

    private readonly Func<Tensor, Tensor> _activation;
    private readonly Tensor _x, _y;

    /// <summary>Takes copies of the data.</summary>
    /// <param name="device">Where it is computed, in Float64.</param>
    /// <param name="x">x_i, N samples of d numbers.</param>
    /// <param name="y">y_i.</param>
    /// <param name="width">h.</param>
    /// <param name="activation">σ, element by element.</param>
    /// <exception cref="ArgumentException">No samples, samples of different lengths, not one target for each, or no units.</exception>
    public ShallowNetwork(Device device, IReadOnlyList<double[]> x, IReadOnlyList<double> y, int width, Func<Tensor, Tensor> activation)
    {
        if (x.Count == 0 || x.Count != y.Count || x.Any(sample => sample.Length != x[0].Length) || width < 1)
            throw new ArgumentException(
                $"ShallowNetwork: expects samples of one length, a target for each and 1 or more units; got {x.Count} samples, {y.Count} targets, {width} units.");
        using TensorScope scope = new();
        (Device, Width, Inputs, Targets, _activation) = (device, width, x, y, activation);
        _x = scope.Keep(Tensor.From<double>(device, [x.Count, x[0].Length], [.. x.SelectMany(sample => sample)], "samples"));
        _y = scope.Keep(Tensor.From<double>(device, [y.Count], [.. y], "targets"));
    }

    /// <summary>Where it is computed.</summary>
    public Device Device { get; }

    /// <summary>h.</summary>
    public int Width { get; }

    /// <summary>x_i.</summary>
    public IReadOnlyList<double[]> Inputs { get; }

    /// <summary>y_i.</summary>
    public IReadOnlyList<double> Targets { get; }

    /// <summary>P.</summary>
    public int ParameterCount => (int)(Width * (_x.Shape[1] + 2) + 1);

    /// <summary>The hidden layer's features σ(W x_i + B)[N,h] at a point.</summary>
    public Tensor Features(ShallowPoint point)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor w = Tensor.From<double>(Device, [Width, _x.Shape[1]], [.. point.W.SelectMany(row => row)], "W");
        return scope.Return(_activation(_x.MatMul(w, transposeB: true) + Tensor.From<double>(Device, [Width], point.B, "B")));
    }

    /// <summary>The losses [K] of the rows of θ[K,P]; have derivatives.</summary>
    /// <exception cref="ArgumentException">θ has not P columns.</exception>
    public Tensor Losses(Tensor theta)
    {
        if (theta.Shape.Rank != 2 || theta.Shape[1] != ParameterCount || theta.DType != DType.Float64)
            throw new ArgumentException($"ShallowNetwork: expects Float64 weights [K,{ParameterCount}], got {theta}.");
        using TensorScope scope = new();
        (long k, long h, long d, long n) = (theta.Shape[0], Width, _x.Shape[1], _x.Shape[0]);
        Tensor w = theta.Slice(1, 0, h * d).Reshape([k * h, d]), b = theta.Slice(1, h * d, h * d + h).Reshape([k * h, 1]);
        Tensor v = theta.Slice(1, h * d + h, h * d + 2 * h).Reshape([k, h, 1]), c = theta.Slice(1, h * d + 2 * h, h * d + 2 * h + 1);
        Tensor hidden = _activation(w.MatMul(_x, transposeB: true) + b).Reshape([k, h, n]);
        return scope.Return(((hidden * v).Sum(1) + c - _y).Square().Sum(1).Scale(0.5));
    }

    /// <summary>The loss at each point.</summary>
    public double[] Losses(IReadOnlyList<double[]> points)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        return Losses(Tensor.From<double>(Device, [points.Count, ParameterCount], [.. points.SelectMany(p => p)], "points")).ToArray<double>();
    }

    /// <summary>The loss at a point.</summary>
    public double Loss(ShallowPoint point) => Losses([point.ToVector()])[0];

    /// <summary>The losses along the straight lines between corners, count points each and the last corner.</summary>
    public double[] LossesAlong(IReadOnlyList<ShallowPoint> corners, int count)
    {
        List<double[]> points = [];
        foreach ((ShallowPoint from, ShallowPoint to) in corners.Zip(corners.Skip(1)))
        {
            double[] a = from.ToVector(), b = to.ToVector();
            points.AddRange(Enumerable.Range(0, count).Select(i => a.Zip(b, (p, q) => p + (q - p) * i / count).ToArray()));
        }

        return Losses([.. points, corners[^1].ToVector()]);
    }

    /// <summary>The loss as a function of θ, for curvature and searches.</summary>
    public Objective ObjectiveAt(ShallowPoint point)
    {
        Tensor theta = Tensor.From<double>(Device, [1, ParameterCount], point.ToVector(), "theta").RequireGradient();
        return new Objective([theta], () => Losses(theta).Sum());
    }

    /// <summary>
    /// The lowest change of the loss among random neighbours θ + r u, u uniform on the sphere: at a local minimum it is not below
    /// rounding, about 1e-15 times the loss.
    /// </summary>
    /// <param name="point">θ.</param>
    /// <param name="radius">r.</param>
    /// <param name="draws">Neighbours.</param>
    /// <param name="stream">The directions.</param>
    public double LowestChange(ShallowPoint point, double radius, int draws, RandomStream stream)
    {
        using NoGradient noGradient = new();
        double lowest = double.PositiveInfinity, here = Loss(point);
        for (int done = 0; done < draws; done += Batch)
        {
            using TensorScope scope = new();
            int count = Math.Min(Batch, draws - done);
            Tensor theta = Tensor.From<double>(Device, [1, ParameterCount], point.ToVector(), "theta");
            Tensor u = RandomTensor.Normal(Device, [count, ParameterCount], DType.Float64, stream.Skip((ulong)((long)done * ParameterCount)));
            double[] losses = Losses(theta + (u / u.Norm(1, keep: true)).Scale(radius)).ToArray<double>();
            lowest = Math.Min(lowest, losses.Min() - here);
        }

        return lowest;
    }

    /// <summary>Releases the data.</summary>
    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
    }
}
