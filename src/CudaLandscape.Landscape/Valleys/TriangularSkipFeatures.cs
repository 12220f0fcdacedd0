using System.Numerics;
using CudaLandscape.Landscape.Precision;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// Weights that make the features Ψ of N joined neurons triangular but for small entries, and so of rank N, after the proof of
/// Nguyen, Mukkamala and Hein, ICLR'19, Lemma 3.2, in 2048 binary digits. Neuron by neuron, of the samples that are left the one with
/// the largest input g is taken, x_π, and the neuron gets the weight of eq. (9), α = t / (g(second) - g(x_π)) with t &lt; 0, and the bias
/// -α g(x_π): it is then φ(0) for x_π and at most φ(t) for those that are left. In the order in which the samples are taken
/// (π first), the N! - 1 further terms of the determinant each have an entry ≤ ε below the diagonal, so that
/// |det Ψ - β| ≤ N! C^(N-1) ε, with β the product of the diagonal and C the largest entry, or 1.
/// </summary>
/// <param name="Order">The sample of each neuron.</param>
/// <param name="Weights">α of each neuron.</param>
/// <param name="Features">Ψ with its rows in that order.</param>
public sealed record TriangularSkipFeatures(int[] Order, FixedPoint[] Weights, FixedPoint[,] Features)
{
    /// <summary>β.</summary>
    public FixedPoint DiagonalProduct => Enumerable.Range(0, Order.Length).Aggregate(FixedPoint.One, (product, i) => product * Features[i, i]);

    /// <summary>C, 1 or more.</summary>
    public FixedPoint Largest => Features.Cast<FixedPoint>().Append(FixedPoint.One).Max();

    /// <summary>ε, the largest entry below the diagonal.</summary>
    public FixedPoint LargestBelow => Enumerable.Range(0, Order.Length)
        .SelectMany(row => Enumerable.Range(0, row).Select(column => Features[row, column])).Append(default).Max();

    /// <summary>det Ψ / β by exact elimination.</summary>
    public FixedPoint RelativeDeterminant()
    {
        int n = Order.Length;
        FixedPoint[,] scaled = new FixedPoint[n, n];
        for (int i = 0; i < n * n; i++) scaled[i / n, i % n] = Features[i / n, i % n] / Features[i % n, i % n];
        return FixedPoint.Determinant(scaled);
    }

    /// <summary>log10 of N! C^(N-1) ε / β: below log10(1/2) the determinant is at least β / 2.</summary>
    public double Log10Dominance() =>
        Math.Log10((double)Factorial(Order.Length)) + (Order.Length - 1) * Largest.Log10() + LargestBelow.Log10() - DiagonalProduct.Log10();

    /// <summary>
    /// The bounded case, φ the sigmoid: β = 2^-N and C = 1 are known beforehand, t = φ⁻¹(ε) with ε = β / (2 N! C^(N-1)). Neurons on the
    /// way may themselves be joined.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many neurons as samples, or two samples agree on a path.</exception>
    public static TriangularSkipFeatures Sigmoid(double[][] samples, IReadOnlyList<PathNeuron> neurons)
    {
        FixedPoint epsilon = FixedPoint.FromRaw(FixedPoint.One.Raw / (Factorial(samples.Length) << (samples.Length + 1)));
        return Construct(samples, neurons, FixedPoint.Log(epsilon / (FixedPoint.One - epsilon)), FixedPoint.Sigmoid);
    }

    /// <summary>
    /// The softplus case at one scale s of all joined neurons' weights, t = -s. For s → ∞ C grows like s and ε falls like e^(-alpha s), if
    /// no path changes with s: none may go through a joined neuron.
    /// </summary>
    /// <exception cref="ArgumentException">There are not as many neurons as samples, or two samples agree on a path.</exception>
    public static TriangularSkipFeatures Softplus(double[][] samples, IReadOnlyList<PathNeuron> neurons, double scale, double alpha = 20) =>
        Construct(samples, neurons, FixedPoint.From(-scale), x => FixedPoint.Softplus(x, alpha));

    private static TriangularSkipFeatures Construct(
        double[][] samples, IReadOnlyList<PathNeuron> neurons, FixedPoint t, Func<FixedPoint, FixedPoint> activation)
    {
        int n = samples.Length;
        if (neurons.Count != n) throw new ArgumentException($"triangular features: expects as many neurons as samples, {n}; got {neurons.Count}.");
        (int[] order, FixedPoint[] weights) = (new int[n], new FixedPoint[n]);
        FixedPoint[][] columns = new FixedPoint[n][];
        HashSet<int> left = [.. Enumerable.Range(0, n)];
        for (int j = 0; j < n; j++)
        {
            FixedPoint[] g = neurons[j].Through is { } through ? columns[through] : [.. samples.Select(x => Input(x, neurons[j], activation))];
            int[] sorted = [.. left.OrderByDescending(i => g[i])];
            order[j] = sorted[0];
            weights[j] = sorted.Length == 1 ? FixedPoint.One : t / Gap(g, sorted, j);
            columns[j] = [.. g.Select(value => activation(weights[j] * (value - g[sorted[0]])))];
            left.Remove(order[j]);
        }

        FixedPoint[,] features = new FixedPoint[n, n];
        for (int i = 0; i < n * n; i++) features[i / n, i % n] = columns[i % n][order[i / n]];
        return new TriangularSkipFeatures(order, weights, features);
    }

    private static FixedPoint Gap(FixedPoint[] g, int[] sorted, int neuron) => g[sorted[1]] < g[sorted[0]]
        ? g[sorted[1]] - g[sorted[0]]
        : throw new ArgumentException(
            $"triangular features: samples {sorted[0]} and {sorted[1]} agree on the path of neuron {neuron} (Assumption 3.1).");

    private static FixedPoint Input(double[] sample, PathNeuron neuron, Func<FixedPoint, FixedPoint> activation)
    {
        FixedPoint g = default;
        for (int i = 0; i < sample.Length; i++) g += FixedPoint.From(neuron.Filter[i]) * FixedPoint.From(sample[i]);
        for (int layer = 0; layer < neuron.Depth; layer++) g = activation(g);
        return g;
    }

    private static BigInteger Factorial(int n) => Enumerable.Range(1, n).Aggregate(BigInteger.One, (product, k) => product * k);
}
