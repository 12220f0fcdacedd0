namespace CudaLandscape.Nn.Data;

/// <summary>
/// Counter-based random numbers: value k of stream (seed, index) is <c>mix(key + k*golden)</c> with the finaliser of
/// splitmix64. Whole-number arithmetic only, so every machine draws the same numbers, in any order of the streams.
/// </summary>
internal struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const double Unit = 1.0 / (1UL << 53);

    private readonly ulong _key;
    private ulong _state;

    /// <summary>Starts stream <paramref name="index"/> of a seed.</summary>
    internal CounterRandom(ulong seed, ulong index)
    {
        _key = Mix(Mix(seed + Golden) + index * 0xD1342543DE82EF95 + 1);
        _state = _key;
    }

    /// <summary>The next 64 bits.</summary>
    internal ulong NextBits() => Mix(_state += Golden);

    /// <summary>Uniform in [low, high).</summary>
    internal double Between(double low, double high) => low + (high - low) * ((NextBits() >> 11) * Unit);

    /// <summary>Bell-shaped: mean 0, standard deviation 1, never beyond 3 (a sum of three uniform numbers).</summary>
    internal double Bell() => Between(-1, 1) + Between(-1, 1) + Between(-1, 1);

    /// <summary>Uniform in 0..count-1.</summary>
    internal int Below(int count) => (int)Math.BigMul(NextBits(), (ulong)count, out _);

    /// <summary>A number in [-1, 1) that depends on the stream and the tag, not on what was drawn before.</summary>
    internal readonly double Fixed(int tag) => (Mix(_key ^ Mix((ulong)tag)) >> 11) * Unit * 2 - 1;

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
