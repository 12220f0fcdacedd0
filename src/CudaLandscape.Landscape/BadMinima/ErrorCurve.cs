namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// E(w) of a neuron with one input on a grid of weights, and every local minimum the grid separates: between a point where E falls
/// and the next one where it rises there is one, which is then found by bisection of ∂E/∂w to the last bit.
/// </summary>
/// <param name="Weights">w, rising.</param>
/// <param name="Errors">E(w).</param>
/// <param name="Minima">The minima, rising, measured.</param>
public sealed record ErrorCurve(double[] Weights, double[] Errors, IReadOnlyList<NeuronPoint> Minima)
{
    private const double Saturated = 40;

    /// <summary>
    /// Scans all weights that matter: from -40 / min |x| to 40 / min |x|, beyond which φ does not change in float64, spaced evenly
    /// in asinh(100 max |x| w), which is about log |w| on either side and even near 0.
    /// </summary>
    /// <param name="neuron">A neuron with one input; no input may be 0.</param>
    /// <param name="points">Grid points, 100 or more; even, so that 0 is not one.</param>
    /// <exception cref="ArgumentException">The neuron has more inputs, an input is 0, or there are too few points.</exception>
    public static ErrorCurve Scan(SingleNeuron neuron, int points = 4000)
    {
        if (neuron.Dimension != 1 || neuron.Inputs.Any(x => x[0] == 0) || points < 100)
            throw new ArgumentException(
                $"ErrorCurve: expects a neuron of one input other than 0 and 100 points or more, got {neuron.Dimension} inputs and {points} points.");
        double scale = 0.01 / neuron.Inputs.Max(x => Math.Abs(x[0])), end = Math.Asinh(Saturated / neuron.Inputs.Min(x => Math.Abs(x[0])) / scale);
        return On(neuron, [.. Enumerable.Range(0, points).Select(i => scale * Math.Sinh(end * (2.0 * i / (points - 1) - 1)))]);
    }

    /// <summary>Scans the given weights, which have to rise.</summary>
    public static ErrorCurve On(SingleNeuron neuron, double[] weights)
    {
        double[] slopes = neuron.Slopes(weights);
        (double[] low, double[] high) = Brackets(weights, slopes);
        double[] found = low.Length == 0 ? [] : Bisect(neuron, low, high);
        return new ErrorCurve(
            weights, neuron.Errors([.. weights.Select(w => (double[])[w])]), NeuronPoint.Measure(neuron, [.. found.Select(w => (double[])[w])]));
    }

    // Where the slope underflows to 0 between a fall and a rise, the bracket is as wide as that.
    private static (double[] Low, double[] High) Brackets(double[] weights, double[] slopes)
    {
        List<double> low = [], high = [];
        int falling = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (slopes[i] < 0) falling = i;
            if (slopes[i] > 0 && falling >= 0)
            {
                low.Add(weights[falling]);
                high.Add(weights[i]);
                falling = -1;
            }
        }

        return ([.. low], [.. high]);
    }

    private static double[] Bisect(SingleNeuron neuron, double[] low, double[] high)
    {
        for (int step = 0; step < 200; step++)
        {
            double[] middle = [.. low.Zip(high, (a, b) => a + (b - a) / 2)];
            if (middle.Zip(low, high).All(m => m.First == m.Second || m.First == m.Third)) break;
            double[] slopes = neuron.Slopes(middle);
            for (int i = 0; i < middle.Length; i++) (slopes[i] < 0 ? low : high)[i] = middle[i];
        }

        return low;
    }
}
