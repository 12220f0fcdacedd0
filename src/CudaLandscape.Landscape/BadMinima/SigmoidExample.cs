using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// Three samples x = (1, 0), (0, 1), (½, ½) with targets 0, 0, 1, which two sigmoid units fit exactly, and a local minimum of loss 1/3
/// (Yun, Sra and Jadbabaie, ICLR'19, for two units). With W = 0 the output is 1/3 everywhere. Since the third sample is the middle of
/// the others, f(x_1) + f(x_2) ≥ 2 f(x_3) wherever every V_j σ is convex on its unit's inputs, that is where V_j and the inputs of
/// σ have opposite signs; and on that set of outputs 1/3 is the least loss. So nothing within <see cref="SafeRadius"/> is lower, with
/// any number of units: width alone does not remove bad minima (as Ding, Li and Sun, 2019, show for generic data).
/// </summary>
public static class SigmoidExample
{
    /// <summary>Samples.</summary>
    public static IReadOnlyList<double[]> Inputs { get; } = [[1, 0], [0, 1], [0.5, 0.5]];

    /// <summary>Targets.</summary>
    public static IReadOnlyList<double> Targets { get; } = [0, 0, 1];

    /// <summary>The loss at the bad minimum.</summary>
    public const double MinimumLoss = 1.0 / 3;

    /// <summary>The network of h units.</summary>
    public static ShallowNetwork Network(Device device, int width = 2) => new(device, Inputs, Targets, width, t => t.Sigmoid());

    /// <summary>
    /// W = 0, given V_1 and the biases of unit 1 and of the others, whose V_j are equal and such that the output is 1/3: a local minimum
    /// when V_j and B_j have opposite signs, as for B = (1.5, -4), V_1 = -2, where V_2 = 109.44; none when they have not.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two units.</exception>
    public static ShallowPoint Constant(double firstBias = 1.5, double otherBias = -4, double firstWeight = -2, int width = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        int others = width - 1;
        double weight = (1.0 / 3 - firstWeight * Sigmoid(firstBias)) / (others * Sigmoid(otherBias));
        return new ShallowPoint(
            [.. Enumerable.Range(0, width).Select(_ => new double[2])], [firstBias, .. Enumerable.Repeat(otherBias, others)],
            [firstWeight, .. Enumerable.Repeat(weight, others)], 0);
    }

    /// <summary>
    /// A radius within which V_j and the inputs of its unit keep opposite signs: an input changes by at most twice what a weight does.
    /// 0 where the signs are not opposite.
    /// </summary>
    public static double SafeRadius(ShallowPoint point)
    {
        double[] room = [.. point.Preactivations(Inputs).Zip(point.V, (row, v) => row.Min(t => -t * Math.Sign(v)))];
        return Math.Max(0, Math.Min(room.Min() / 2, point.V.Min(Math.Abs)));
    }

    /// <summary>A point of loss 0: σ(s + 1) - σ(s - 1) at s = 3, -3 and 0, scaled and shifted to 0, 0 and 1; other units are unused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two units.</exception>
    public static ShallowPoint Global(int width = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        double away = Sigmoid(4) - Sigmoid(2), middle = Sigmoid(1) - Sigmoid(-1), scale = 1 / (middle - away);
        double[] unused = new double[width - 2];
        return new ShallowPoint(
            [.. Enumerable.Range(0, width).Select(_ => (double[])[3, -3])], [1, -1, .. unused], [scale, -scale, .. unused], -scale * away);
    }

    private static double Sigmoid(double t) => 1 / (1 + Math.Exp(-t));
}
