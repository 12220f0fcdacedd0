using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// n examples (x_k, y) of one number each for which the square loss of a logistic neuron has at least n local minima, built as
/// in Lemma 3.2 of Auer, Herbster and Warmuth (NIPS'95): with y = φ(w*) and w* / 2 &lt; w* &lt; 2 w*, an example x_0 that is large enough
/// adds a minimum near w* / x_0 and moves the others as little as one likes. That n minima are there is certified without a
/// search: n disjoint intervals [w* / (2 x_k), 2 w* / x_k], in each of which E is lower at w* / x_k than at both ends.
/// </summary>
/// <param name="Inputs">x_k, rising.</param>
/// <param name="Target">y.</param>
/// <param name="Middles">w* / x_k.</param>
/// <param name="Gaps">min(E(w* / (2 x_k)), E(2 w* / x_k)) - E(w* / x_k); a minimum lies in each interval whose gap is positive.</param>
public sealed record AuerInduction(double[] Inputs, double Target, double[] Middles, double[] Gaps)
{
    /// <summary>The examples as inputs of a neuron.</summary>
    public IReadOnlyList<double[]> Examples => [.. Inputs.Select(x => (double[])[x])];

    /// <summary>The targets, all y.</summary>
    public double[] Targets => [.. Inputs.Select(_ => Target)];

    /// <summary>
    /// Adds one example after the other, x_1 = 1: x_k is the first of 8, 16, 32, … times x_{k-1} at which every gap is at least half
    /// of what it is for one example alone.
    /// </summary>
    /// <param name="device">Where E is computed.</param>
    /// <param name="count">n, 1 or more.</param>
    /// <param name="target">y, in (½, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">count or target are out of range.</exception>
    /// <exception cref="ArithmeticException">n is so large that an input would be beyond 1e150.</exception>
    public static AuerInduction Build(Device device, int count, double target = 0.7)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(target > 0.5 && target < 1)) throw new ArgumentOutOfRangeException(nameof(target), $"the target must be above 1/2 and below 1; got {target}.");
        AuerInduction built = Of(device, [1], target);
        double enough = built.Gaps[0] / 2;
        while (built.Inputs.Length < count)
        {
            double next = 4 * built.Inputs[^1];
            AuerInduction tried;
            do
            {
                next *= 2;
                if (next > 1e150)
                    throw new ArithmeticException($"AuerInduction: example {built.Inputs.Length + 1} of {count} would have to be beyond 1e150; ask for fewer.");
                tried = Of(device, [.. built.Inputs, next], target);
            }
            while (tried.Gaps.Min() < enough);
            built = tried;
        }

        return built;
    }

    /// <summary>The intervals and gaps of given examples, whether or not they are apart enough for positive ones.</summary>
    public static AuerInduction Of(Device device, double[] inputs, double target)
    {
        double middle = Math.Log(target / (1 - target));
        double[] middles = Array.ConvertAll(inputs, x => middle / x);
        using SingleNeuron neuron = new(device, [.. inputs.Select(x => (double[])[x])], [.. inputs.Select(_ => target)]);
        double[] errors = neuron.Errors([.. middles.SelectMany(w => (double[][])[[w / 2], [w], [2 * w]])]);
        return new AuerInduction(inputs, target, middles, [.. errors.Chunk(3).Select(e => Math.Min(e[0], e[2]) - e[1])]);
    }
}
