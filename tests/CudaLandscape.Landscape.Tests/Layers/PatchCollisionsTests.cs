using CudaLandscape.Landscape.Layers;

namespace CudaLandscape.Landscape.Tests.Layers;

public sealed class PatchCollisionsTests
{
    // Few values, so that patches agree often; against a comparison of every pair.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(4, 100)]
    public void Counts_are_those_of_comparing_every_pair(int seed, int values)
    {
        System.Random random = new(seed);
        PatchLayer layer = PatchLayer.Line(7, 3, 2);
        float[][] samples = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, 7).Select(_ => (float)random.Next(values)).ToArray())];
        bool Agree(int i, int j, int[] patch) => i != j && patch.All(k => samples[i][k] == samples[j][k]);
        long[] expected = [.. layer.Patches.Select(p => (long)Enumerable.Range(0, 12).Count(i => Enumerable.Range(0, 12).Any(j => Agree(i, j, p))))];
        PatchCollisions actual = PatchCollisions.Count([.. samples.SelectMany(s => s)], layer);
        Assert.Equal(new PatchCollisions(12, 3, expected.Count(e => e > 0), expected.Sum()), actual);
    }

    [Fact]
    public void One_planted_equal_patch_breaks_the_assumption()
    {
        float[] samples = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
        PatchLayer layer = PatchLayer.Line(10, 4);
        Assert.True(PatchCollisions.Count(samples, layer).None);
        samples.AsSpan(3, 4).CopyTo(samples.AsSpan(20 + 3));
        PatchCollisions planted = PatchCollisions.Count(samples, layer);
        Assert.Equal((false, 1, 2L), (planted.None, planted.CollidingPositions, planted.CollidingPatches));
    }

    [Fact]
    public void Values_that_are_no_whole_samples_are_refused() =>
        Assert.Throws<ArgumentException>(() => PatchCollisions.Count(new float[11], PatchLayer.Line(10, 4)));
}
