using CudaLandscape.Landscape.Valleys;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>The construction in the proof of Lemma 3.2, carried out in 2048 binary digits.</summary>
internal sealed class RankConstructionClaim : IClaim
{
    private const int Inputs = 6;

    // With a path through a joined neuron larger scales need more digits.
    private static readonly double[] s_scales = [5, 10, 20, 40], s_smallScales = [0.25, 0.5];

    public int Item => 17;

    public string Name => "skip-rank-construction";

    public string Statement =>
        "the proof's weights make Ψ triangular but for small entries, det Ψ ≥ β / 2: at once for sigmoid, for softplus in the limit";

    public string Source => $"{ValleyClaims.Paper}, proof of Lemma 3.2, eq. (9)";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "samples, and neurons in three layers", 8, 4, 14)];

    public ClaimResult Run(ClaimContext context)
    {
        Random random = new((int)context.Seed);
        double[][] samples = [.. Enumerable.Range(0, context.Size("n")).Select(_ => Draw(random))];
        PathNeuron[] neurons = [.. samples.Select((_, j) => new PathNeuron(Draw(random), 3 * j / samples.Length))];
        TriangularSkipFeatures sigmoid = TriangularSkipFeatures.Sigmoid(samples, neurons);
        TriangularSkipFeatures[] softplus = [.. s_scales.Select(s => TriangularSkipFeatures.Softplus(samples, neurons, s))];
        double[] dominance = [.. softplus.Select(f => f.Log10Dominance())];
        PathNeuron[] joined = [.. neurons[..^2], neurons[^2] with { Through = 0 }, neurons[^1]];
        double[] broken = [.. s_smallScales.Select(s => TriangularSkipFeatures.Softplus(samples, joined, s).Log10Dominance())];
        return new ClaimResult(
            Check.AtLeast("sigmoid: det Ψ / β", sigmoid.RelativeDeterminant().ToDouble(), 0.5),
            Check.AtMost("sigmoid: log10 of N! C^(N-1) ε / β", sigmoid.Log10Dominance(), Math.Log10(0.5) + 1e-9),
            Check.Equal("neurons whose α of eq. (9) is positive", sigmoid.Weights.Count(a => a.CompareTo(default) > 0), samples.Length),
            Check.AtMost($"softplus, scale {s_scales[^1]}: log10 of N! C^(N-1) ε / β", dominance[^1], Math.Log10(0.5)),
            Check.Equal(
                "softplus: scales at which it is smaller than at the one before",
                dominance.Zip(dominance.Skip(1)).Count(d => d.Second < d.First), s_scales.Length - 1),
            Check.Equal(
                $"softplus, scale {s_scales[^1]}: det Ψ / β",
                softplus[^1].RelativeDeterminant().ToDouble(), 1, Math.Max(1e-15, Math.Pow(10, dominance[^1]))),
            Check.AtLeast(
                $"softplus, a path through a joined neuron, against condition (2): rise of that log10 from scale {s_smallScales[0]} to "
                    + $"{s_smallScales[1]}", broken[1] - broken[0], 1),
            Check.Observe("largest log10 α, sigmoid", sigmoid.Weights.Max(a => a.Log10())),
            Check.Observe($"log10 C, softplus, scale {s_scales[^1]}", softplus[^1].Largest.Log10()))
        {
            Note = "Neurons of layers 1 to 3, each with a path of neurons of weight 1 and bias 0 to the first layer, whose weights are uniform in "
                + $"(0, 1) as are the samples of {Inputs} numbers. log10 of N! C^(N-1) ε / β for softplus at scales "
                + $"{string.Join(", ", s_scales)}: {string.Join(", ", dominance.Select(d => Check.Text(d)))}.",
        };
    }

    private static double[] Draw(Random random) => [.. Enumerable.Range(0, Inputs).Select(_ => random.NextDouble())];
}
