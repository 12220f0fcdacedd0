using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Tests.Valleys;

/// <summary>ICLR'19, Assumption 3.1 (3).</summary>
public sealed class PatchAgreementTests
{
    [Fact]
    public void Receptive_fields_are_cut_at_the_border_and_grouped_by_their_taps()
    {
        FirstLayerPatches patches = Patches();
        Assert.Equal((16, 16, 9), (patches.Inputs, patches.Positions, patches.Groups.Count));
        Assert.Equal([4, 2, 2, 2, 2, 1, 1, 1, 1], patches.Groups.Select(g => g.Length).OrderDescending());
        Assert.Equal([0, 1, 4, 5], Assert.Single(patches.Groups[0]));
        Assert.Contains(patches.Groups, g => g.Length == 4 && g[0].SequenceEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]));
    }

    // Few values, so that patches agree often; against a comparison of every pair.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 100)]
    public void Counts_are_those_of_comparing_every_pair(int seed, int values)
    {
        const int n = 9;
        System.Random random = new(seed);
        float[] x = [.. Enumerable.Range(0, n * 16).Select(_ => (float)random.Next(values))];
        (long same, long anywhere) = (0, 0);
        HashSet<(int[][], int)> positions = [];
        foreach (int[][] group in Patches().Groups)
        {
            for (int r = 0; r < n; r++)
            {
                for (int i = 0; i < group.Length; i++)
                {
                    if (Agrees(group, r, i, i)) positions.Add((group, i));
                    same += Agrees(group, r, i, i) ? 1 : 0;
                    anywhere += Enumerable.Range(0, group.Length).Any(j => Agrees(group, r, i, j)) ? 1 : 0;
                }
            }
        }

        Assert.Equal(new PatchAgreement(n, 16, same, positions.Count, anywhere), PatchAgreement.Count(x, Patches()));

        bool Agrees(int[][] group, int r, int i, int j) => Enumerable.Range(0, n).Any(
            s => s != r && group[i].Zip(group[j]).All(k => x[r * 16 + k.First] == x[s * 16 + k.Second]));
    }

    [Fact]
    public void One_planted_patch_at_another_position_is_found()
    {
        float[] x = [.. Enumerable.Range(0, 64).Select(i => (float)i)];
        Assert.True(PatchAgreement.Count(x, Patches()).None);
        int[][] inside = Patches().Groups.Single(g => g.Length == 4);
        for (int k = 0; k < 9; k++) x[32 + inside[3][k]] = x[inside[0][k]];
        Assert.Equal(new PatchAgreement(4, 16, 0, 0, 2), PatchAgreement.Count(x, Patches()));
    }

    [Fact]
    public void Zeros_of_either_sign_agree()
    {
        float[] x = new float[32];
        Array.Fill(x, -0f, 16, 16);
        Assert.Equal(16, PatchAgreement.Count(x, Patches()).AgreeingPositions);
    }

    [Fact]
    public void A_full_layer_sees_whole_samples()
    {
        Sequential model = new([1, 2, 2], new Flatten(), new Linear(4, 3), Activation.Sigmoid);
        FirstLayerPatches patches = FirstLayerPatches.Of(model);
        Assert.Equal([0, 1, 2, 3], Assert.Single(Assert.Single(patches.Groups)));
        Assert.Equal(2, PatchAgreement.Count([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3, 4], patches).Anywhere);
    }

    private static FirstLayerPatches Patches() =>
        FirstLayerPatches.Of(new Sequential([1, 4, 4], new Conv2d([1, 4, 4], 2, 3, pad: 1), Activation.Sigmoid));
}
