using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Landscape.Layers;
using CudaLandscape.Tensors;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>The weights of the proof of Theorem 3.4, built for given samples, and the rank they give.</summary>
internal sealed class ConstructedRankClaim : IClaim
{
    public int Item => 6;

    public string Name => "constructed-rank";

    public string Statement => "weights built as in the proof give features of rank N";

    public string Source => "Nguyen and Hein, ICML'18, Theorem 3.4";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "samples, as many as neurons", 24, 4, 60)];

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        Random random = new((int)context.Seed);
        PatchLayer layer = PatchLayer.Image(1, 6, 6, 3);
        int filters = (n + layer.Patches.Length - 1) / layer.Patches.Length;
        double[][] samples = [.. Enumerable.Range(0, n).Select(_ => Draw(random, layer.Inputs))];
        double[] filter = Draw(random, layer.Patches[0].Length);
        TriangularFeatures built = TriangularFeatures.Construct(samples, layer, filters, filter);
        Tensor g = Tensor.From<double>(context.Device, [n, n], Preactivations(samples, layer, filters, filter, built));
        return new ClaimResult(
            Check.Equal("rank of F, sigmoid", MatrixRank.Of(g.Sigmoid()).Rank, n),
            Check.Equal("rank of F, ReLU", MatrixRank.Of(g.Relu()).Rank, n),
            Check.Equal("rank of F, softplus", MatrixRank.Of(g.Softplus()).Rank, n),
            Check.AtMost("largest entry below the diagonal, sigmoid, samples in the order they are taken", Below(g.Sigmoid(), built.Order), 1e-15))
        {
            Note = $"{layer.Patches.Length} patches of 3 x 3 on 6 x 6 inputs, {filters} filters that are one vector times {Check.Text(built.Steepness)}, a bias for each neuron.",
        };
    }

    private static double[] Preactivations(double[][] samples, PatchLayer layer, int filters, double[] filter, TriangularFeatures built) =>
    [
        .. from x in samples
           from h in Enumerable.Range(0, samples.Length)
           select built.Steepness * TriangularFeatures.Product(x, layer.Patches[h / filters], filter) + built.Biases[h],
    ];

    private static double Below(Tensor features, int[] order)
    {
        double[] f = features.ToArray<double>();
        return (from i in Enumerable.Range(1, order.Length - 1) from h in Enumerable.Range(0, i) select f[order[i] * order.Length + h]).Max();
    }

    private static double[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
}
