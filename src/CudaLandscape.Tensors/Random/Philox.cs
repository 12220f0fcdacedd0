namespace CudaLandscape.Tensors.Random;

/// <summary>Philox 4x32-10 on the host, the same numbers as the kernels': for permutations and choices made by the host.</summary>
public static class Philox
{
    /// <summary>The 64 random bits of draw <paramref name="index"/> of a stream.</summary>
    public static ulong Bits(RandomStream stream, ulong index)
    {
        ulong draw = stream.Offset + index;
        (uint a, uint b, uint c, uint d) = Block(draw / 2, stream.Stream, stream.Seed);
        return draw % 2 == 0 ? (ulong)a << 32 | b : (ulong)c << 32 | d;
    }

    /// <summary>Draw <paramref name="index"/> of a stream, uniform in (0, 1).</summary>
    public static double Uniform(RandomStream stream, ulong index) => ((Bits(stream, index) >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>
    /// A random order of 0 … count - 1: the numbers sorted by their draws, number i having draw i, and equal draws by number;
    /// the same as <see cref="RandomTensor.Permutation"/>. Uniform but for equal draws, whose probability is below
    /// count² / 2^65.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">count is negative.</exception>
    public static int[] Permutation(RandomStream stream, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // OrderBy is stable, which settles equal draws.
        return [.. Enumerable.Range(0, count).OrderBy(i => Bits(stream, (ulong)i))];
    }

    private static (uint A, uint B, uint C, uint D) Block(ulong counter, ulong stream, ulong seed)
    {
        (uint a, uint b, uint c, uint d) = ((uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32));
        (uint k0, uint k1) = ((uint)seed, (uint)(seed >> 32));
        for (int round = 0; round < 10; round++)
        {
            ulong p = 0xD2511F53UL * a, q = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(q >> 32) ^ b ^ k0, (uint)q, (uint)(p >> 32) ^ d ^ k1, (uint)p);
            unchecked
            {
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
        }

        return (a, b, c, d);
    }
}
