using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Training;

/// <summary>The order of the samples of every epoch: a permutation drawn from stream 2^40 + epoch of the seed.</summary>
/// <param name="Seed">Seed of the draws.</param>
/// <param name="Count">Number of samples.</param>
internal readonly record struct SampleOrder(ulong Seed, int Count)
{
    // Far from the streams of parameters (0, 1, …) and noise.
    private const ulong FirstStream = 1UL << 40;

    /// <summary>The samples of an epoch in order.</summary>
    public int[] Of(int epoch) => Philox.Permutation(new RandomStream(Seed, FirstStream + (ulong)epoch), Count);

    /// <summary>What an epoch's order follows from, in words; a checkpoint holds it instead of the order.</summary>
    public string Key(int epoch) => $"philox4x32-10, seed {Seed}, stream 2^40 + {epoch}, {Count} samples";
}
