namespace CudaLandscape.Tensors.Random;

/// <summary>
/// A place in the random numbers: seed and stream name an independent sequence, offset a draw in it. Two uses that must not
/// share numbers take different streams.
/// </summary>
public readonly record struct RandomStream(ulong Seed, ulong Stream, ulong Offset = 0)
{
    /// <summary>The same sequence, <paramref name="draws"/> further on.</summary>
    public RandomStream Skip(ulong draws) => this with { Offset = Offset + draws };
}
