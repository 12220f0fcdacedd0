namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>
/// The simplification by which Kawaguchi's note comes from ReLU networks to deep linear ones: Z of every path is an independent
/// Bernoulli(ρ) variable and q = 1/ρ; then E_Z[Ŷ] = W_{H+1} … W₁ X (Zhang's note, eq. 7).
/// </summary>
public sealed class PathExpectation
{
    private const int MostPaths = 16;
    private readonly double _rho;

    /// <summary>The paths of a network with q = 1/ρ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ρ is not in (0, 1].</exception>
    public PathExpectation(IReadOnlyList<double[,]> weights, double rho)
    {
        if (!(rho > 0 && rho <= 1)) throw new ArgumentOutOfRangeException(nameof(rho), rho, "The probability ρ has to be in (0, 1].");
        (Paths, _rho) = (new PathSum(weights, 1 / rho), rho);
    }

    /// <summary>The sum over paths, with q = 1/ρ.</summary>
    public PathSum Paths { get; }

    /// <summary>E_Z[Ŷ] of one sample by enumerating all 2^paths values of Z with their probabilities.</summary>
    /// <exception cref="ArgumentException">There are more than 16 paths.</exception>
    public double[] Exact(double[] x)
    {
        int outputs = Paths.Weights[^1].GetLength(0);
        if (Paths.PathCount * outputs > MostPaths)
            throw new ArgumentException($"Exact: {Paths.PathCount * outputs} paths have too many values of Z; at most {MostPaths} are enumerated.");
        int count = (int)Paths.PathCount * outputs;
        double[] mean = new double[outputs];
        for (int bits = 0; bits < 1 << count; bits++)
        {
            int ones = System.Numerics.BitOperations.PopCount((uint)bits), next = bits;
            double probability = Math.Pow(_rho, ones) * Math.Pow(1 - _rho, count - ones);
            double[] y = Paths.Sum(x, _ => Next(ref next));
            for (int j = 0; j < outputs; j++) mean[j] += probability * y[j];
        }

        return mean;
    }

    /// <summary>Mean and standard error of Ŷ over draws of Z.</summary>
    public (double[] Mean, double[] StandardError) Sampled(double[] x, int draws, Random random)
    {
        int outputs = Paths.Weights[^1].GetLength(0);
        double[] sum = new double[outputs], squares = new double[outputs];
        for (int draw = 0; draw < draws; draw++)
        {
            double[] y = Paths.Sum(x, _ => random.NextDouble() < _rho ? 1 : 0);
            for (int j = 0; j < outputs; j++) (sum[j], squares[j]) = (sum[j] + y[j], squares[j] + y[j] * y[j]);
        }

        double[] mean = Array.ConvertAll(sum, s => s / draws);
        return (mean, [.. mean.Select((m, j) => Math.Sqrt(Math.Max(0, squares[j] / draws - m * m) / draws))]);
    }

    // The paths are asked in one order, so each takes the next bit.
    private static double Next(ref int bits)
    {
        int bit = bits & 1;
        bits >>= 1;
        return bit;
    }
}
