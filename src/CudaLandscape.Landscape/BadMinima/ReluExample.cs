using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// Bad minima of ReLU networks of any width on any data that a linear map does not fit (Yun, Sra and Jadbabaie, ICLR'19, Theorem 1):
/// one unit computes the linear least-squares prediction, lifted so far that it is positive on all samples, and the others are
/// positive and unused. Near by all units stay linear on the samples, so nothing there is better than linear least squares.
/// </summary>
public sealed class ReluExample
{
    private readonly double[][] _x;
    private readonly double[] _y, _weights;
    private readonly double _constant;

    /// <summary>Fits the linear map ⟨w, x⟩ + c.</summary>
    /// <param name="device">Where it is fitted.</param>
    /// <param name="x">N samples of d numbers, N &gt; d + 1.</param>
    /// <param name="y">Targets.</param>
    /// <exception cref="ArgumentException">Too few samples to miss, or not one target for each.</exception>
    public ReluExample(Device device, IReadOnlyList<double[]> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count || x.Count == 0 || x.Count <= x[0].Length + 1)
            throw new ArgumentException($"ReluExample: expects a target for each of more than d + 1 samples, got {x.Count} samples and {y.Count} targets.");
        (_x, _y) = ([.. x], [.. y]);
        using TensorScope scope = new();
        int columns = x[0].Length + 1;
        Tensor design = Tensor.From<double>(device, [x.Count, columns], [.. x.SelectMany(sample => (double[])[.. sample, 1])]);
        Tensor targets = Tensor.From<double>(device, [x.Count, 1], _y);
        double[] solution = design.MatMul(design, transposeA: true).Solve(design.MatMul(targets, transposeA: true)).ToArray<double>();
        (_weights, _constant) = (solution[..^1], solution[^1]);
        Predictions = [.. x.Select(sample => _constant + sample.Zip(_weights, (a, b) => a * b).Sum())];
    }

    /// <summary>ŷ_i = ⟨w, x_i⟩ + c.</summary>
    public double[] Predictions { get; }

    /// <summary>½ Σ (ŷ_i - y_i)².</summary>
    public double LinearLoss => Predictions.Zip(_y, (p, y) => (p - y) * (p - y)).Sum() / 2;

    /// <summary>A radius within which all units stay positive on all samples.</summary>
    public double SafeRadius => 1 / (1 + _x.Max(sample => Math.Sqrt(sample.Sum(v => v * v))));

    /// <summary>The network of these data.</summary>
    public ShallowNetwork Network(Device device, int width) => new(device, _x, _y, width, t => t.Relu());

    /// <summary>The bad minimum: inputs of unit 1 are ŷ_i - min ŷ + 1, of the others 1.</summary>
    public ShallowPoint Minimum(int width)
    {
        double lowest = Predictions.Min();
        return WithUnits(width, [(_weights, _constant - lowest + 1, 1)], lowest - 1);
    }

    /// <summary>
    /// A better point for two or more units: the best of ŷ + a max(ŷ - β, 0) over the thresholds β = ŷ_k, with the best a for each. The
    /// residuals are orthogonal to 1 and ŷ, but to all of these only if the linear fit is exact (or ŷ repeats).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two units.</exception>
    public ShallowPoint Better(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        double highest = Predictions.Max(), lowest = Predictions.Min();
        (double threshold, double slope, _) = Predictions.Where(b => b < highest).Select(Kink).MaxBy(k => k.Gain);
        return WithUnits(width, [(_weights, _constant - lowest + 1, 1), (_weights, _constant - threshold, slope)], lowest - 1);
    }

    /// <summary>A point of loss 0 with N units: the broken line through the samples in the order of their first number.</summary>
    /// <exception cref="ArgumentException">Fewer than N units, or two samples with the same first number.</exception>
    public ShallowPoint Exact(int width)
    {
        int[] order = [.. Enumerable.Range(0, _x.Length).OrderBy(i => _x[i][0])];
        double[] s = [.. order.Select(i => _x[i][0])], y = [.. order.Select(i => _y[i])];
        if (width < s.Length || s.Distinct().Count() < s.Length)
            throw new ArgumentException($"ReluExample.Exact: expects {s.Length} units or more, got {width}, and samples whose first numbers differ.");
        double[] slopes = [y[0], .. Enumerable.Range(1, s.Length - 1).Select(k => (y[k] - y[k - 1]) / (s[k] - s[k - 1]))];
        double[] first = [1, .. new double[_weights.Length - 1]];
        var units = Enumerable.Range(0, s.Length).Select(k => (first, k == 0 ? 1 - s[0] : -s[k - 1], k == 0 ? slopes[0] : slopes[k] - slopes[k - 1]));
        return WithUnits(width, [.. units], 0);
    }

    // a = -Σ r m / Σ m² with m = max(ŷ - β, 0) and r = ŷ - y lowers the loss by (Σ r m)² / (2 Σ m²).
    private (double Threshold, double Slope, double Gain) Kink(double threshold)
    {
        double[] m = Array.ConvertAll(Predictions, p => Math.Max(p - threshold, 0));
        double correlation = m.Select((value, i) => value * (Predictions[i] - _y[i])).Sum(), square = m.Sum(value => value * value);
        return (threshold, -correlation / square, correlation * correlation / (2 * square));
    }

    // Units that are not named have the input 1 on all samples and the output weight 0.
    private ShallowPoint WithUnits(int width, (double[] W, double B, double V)[] units, double constant)
    {
        var all = units.Concat(Enumerable.Repeat((W: new double[_weights.Length], B: 1.0, V: 0.0), width - units.Length)).ToArray();
        return new ShallowPoint([.. all.Select(u => u.W)], [.. all.Select(u => u.B)], [.. all.Select(u => u.V)], constant);
    }
}
