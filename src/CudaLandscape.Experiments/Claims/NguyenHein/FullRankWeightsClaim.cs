using CudaLandscape.Landscape.Layers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using MatrixRank = CudaLandscape.Tensors.Linalg.Rank;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Full weight matrices of random filters have full rank, unless two patches are the same or a neuron is in none.</summary>
internal sealed class FullRankWeightsClaim : IClaim
{
    public int Item => 2;

    public string Name => "full-rank-weights";

    public string Statement => "random filters give full weight matrices of full rank";

    public string Source => "Nguyen and Hein, ICML'18, Assumption 2.4 and Lemma 2.5";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random filters for each patch set", 20, 10, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        int draws = context.Size("draws");
        (string Name, PatchLayer Layer, int Filters)[] layers =
        [
            ("a line of 12 with patches of 4", PatchLayer.Line(12, 4), 3),
            ("8 x 8 images with 3 x 3 patches", PatchLayer.Image(1, 8, 8, 3), 1),
            ("8 x 8 images with 3 x 3 patches", PatchLayer.Image(1, 8, 8, 3), 3),
            ("2 x 7 x 7 images with 3 x 3 patches, stride 2", PatchLayer.Image(2, 7, 7, 3, 2), 5),
            ("three patches that skip neurons", new PatchLayer(6, [[0, 2, 4], [1, 3, 5], [0, 3, 4]]), 1),
        ];
        PatchLayer twice = new(6, [[0, 1, 2], [0, 1, 2], [3, 4, 5]]), unread = new(4, [[0, 1], [1, 2]]);
        return new ClaimResult(
        [
            .. layers.Select(l => Check.Equal($"draws of full rank, {l.Name}, T = {l.Filters}", Ranks(context, l.Layer, l.Filters).Count(r => r.Rank == r.FullRank), draws)),
            Check.Equal("largest rank where two of three patches are the same, T = 1", Ranks(context, twice, 1).Max(r => r.Rank), 2),
            Check.Equal("largest rank where one of four neurons is in no patch, T = 2", Ranks(context, unread, 2).Max(r => r.Rank), 3),
            Check.Equal(
                "largest rank of 64, 8 x 8 images with 3 x 3 patches, T = 2, though all patches differ and cover all neurons",
                Ranks(context, PatchLayer.Image(1, 8, 8, 3), 2).Max(r => r.Rank), 56),
        ])
        {
            Note = "Different patches that cover every neuron are not enough for a U of full rank, which Assumption 2.4 asks for. For "
                + "two filters on images, two polynomials of bidegree (2, 2) have 8 common zeros (z, w), and Uᵀ f = 0 for each f with f_ij = zⁱ wʲ, so that "
                + "with 72 neurons on 64 inputs the rank is 56 for almost all filters and never 64. One filter, or three, give full rank.",
        };
    }

    private static List<RankResult> Ranks(ClaimContext context, PatchLayer layer, int filters)
    {
        Random random = new((int)context.Seed);
        List<RankResult> ranks = [];
        for (int draw = 0; draw < context.Size("draws"); draw++)
        {
            using TensorScope scope = new();
            double[][] w = [.. Enumerable.Range(0, filters).Select(_ => layer.Patches[0].Select(_ => 2 * random.NextDouble() - 1).ToArray())];
            double[,] u = layer.FullWeights(w);
            ranks.Add(MatrixRank.Of(Tensor.From<double>(context.Device, [u.GetLength(0), u.GetLength(1)], u.Cast<double>().ToArray())));
        }

        return ranks;
    }
}
