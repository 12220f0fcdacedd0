using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Paths;

/// <summary>
/// A curve φ(t) = Σ_i c_i(t) P_i, t in [0, 1], between two parameter vectors P_0 and P_k, laid out like
/// <see cref="Nn.Modules.ParameterSlab.Values"/>. The control points between them, its bends, can be trained; without any it is
/// the straight line. φ(0) and φ(1) are the ends to the last bit (Garipov et al., NeurIPS'18, section 3).
/// </summary>
public sealed class ParameterCurve : IDisposable
{
    private readonly Tensor[] _points;

    /// <summary>A curve whose bends lie evenly spaced on the straight line.</summary>
    /// <param name="shape">How it follows its bends.</param>
    /// <param name="start">P_0; copied.</param>
    /// <param name="end">P_k; copied.</param>
    /// <param name="bends">k - 1, 0 or more.</param>
    /// <exception cref="ArgumentException">The ends differ in shape, type or device, or there are fewer than 0 bends.</exception>
    public ParameterCurve(CurveShape shape, Tensor start, Tensor end, int bends)
    {
        if (start.Shape != end.Shape || start.DType != end.DType || start.Device != end.Device)
            throw new ArgumentException($"curve: expects two ends of one shape, type and device, got {start} and {end}.");
        ArgumentOutOfRangeException.ThrowIfNegative(bends);
        Shape = shape;
        using TensorScope scope = new();
        _points = new Tensor[bends + 2];
        for (int i = 0; i < _points.Length; i++)
            _points[i] = scope.Keep(Sum([1 - i / (bends + 1.0), i / (bends + 1.0)], [start.Detach(), end.Detach()]));
    }

    /// <summary>How it follows its bends.</summary>
    public CurveShape Shape { get; }

    /// <summary>The control points between the ends; training overwrites them.</summary>
    public IReadOnlyList<Tensor> Bends => _points[1..^1];

    /// <summary>A straight line.</summary>
    public static ParameterCurve Line(Tensor start, Tensor end) => new(CurveShape.PolygonalChain, start, end, 0);

    /// <summary>c_0(t) … c_k(t); they sum to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">t is outside [0, 1].</exception>
    public double[] Weights(double t)
    {
        if (!(t is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(t), $"curve: t must be in [0, 1], got {t}.");
        int k = _points.Length - 1;
        return [.. Enumerable.Range(0, k + 1).Select(i => Shape == CurveShape.Bezier ? Bernstein(k, i, t) : Math.Max(0, 1 - Math.Abs(k * t - i)))];
    }

    /// <summary>φ(t).</summary>
    /// <exception cref="ArgumentOutOfRangeException">t is outside [0, 1].</exception>
    public Tensor At(double t) => Sum(Weights(t), _points);

    /// <summary>Releases the control points.</summary>
    public void Dispose()
    {
        foreach (Tensor point in _points) point.Dispose();
    }

    private static double Bernstein(int k, int i, double t)
    {
        double choose = 1;
        for (int j = 1; j <= i; j++) choose = choose * (k - i + j) / j;
        return choose * Math.Pow(t, i) * Math.Pow(1 - t, k - i);
    }

    // Points of weight 0 stay out, so that an end is itself even beside a point that is not finite.
    private static Tensor Sum(double[] weights, Tensor[] points)
    {
        using TensorScope scope = new();
        return scope.Return(weights.Zip(points).Where(p => p.First != 0).Select(p => p.Second.Scale(p.First)).Aggregate((a, b) => a + b));
    }
}
