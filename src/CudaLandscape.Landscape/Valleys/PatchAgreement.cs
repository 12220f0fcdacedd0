using System.Runtime.InteropServices;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// Checks ICLR'19, Assumption 3.1 (3): x_r|S_i ≠ x_s|S_j for all samples r ≠ s. With i = j it is what the proof needs of neurons that
/// have a bias each; with any i and j of the same taps it is the condition as written for filters that are shared. A patch agrees when
/// another sample has the same numbers. Patches are found by a 64-bit hash and compared exactly, so the counts are exact; the memory
/// beside the samples is bounded, whatever their number.
/// </summary>
/// <param name="Samples">N.</param>
/// <param name="Positions">Receptive fields per sample.</param>
/// <param name="AtSamePosition">Patches, of the N times positions, that another sample has at the same position.</param>
/// <param name="AgreeingPositions">Positions with such a patch.</param>
/// <param name="Anywhere">Patches that another sample has at any position with the same taps.</param>
public sealed record PatchAgreement(int Samples, int Positions, long AtSamePosition, int AgreeingPositions, long Anywhere)
{
    private const int EntriesAtOnce = 1 << 22;

    /// <summary>True when condition (3) holds.</summary>
    public bool None => Anywhere == 0;

    /// <summary>Counts them.</summary>
    /// <param name="samples">x[N, n_0], one sample after the other.</param>
    /// <param name="patches">The receptive fields.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The samples are not whole ones of n_0 values.</exception>
    public static PatchAgreement Count(float[] samples, FirstLayerPatches patches, CancellationToken cancellation = default)
    {
        if (samples.Length % patches.Inputs != 0)
            throw new ArgumentException($"patch agreement: {samples.Length} values are not whole samples of {patches.Inputs}.");
        (long same, int positions, long anywhere) = (0, 0, 0);
        foreach (int[][] group in patches.Groups)
        {
            foreach (int[] position in group)
            {
                cancellation.ThrowIfCancellationRequested();
                long agreeing = CountIn(samples, patches.Inputs, [position], cancellation);
                (same, positions) = (same + agreeing, positions + (agreeing > 0 ? 1 : 0));
            }

            anywhere += CountIn(samples, patches.Inputs, group, cancellation);
        }

        return new PatchAgreement(samples.Length / patches.Inputs, patches.Positions, same, positions, anywhere);
    }

    // Patches whose hashes lie in one part of the range at a time; equal patches have equal hashes.
    private static long CountIn(float[] samples, int inputs, int[][] group, CancellationToken cancellation)
    {
        int count = samples.Length / inputs;
        ulong parts = (ulong)((long)count * group.Length / EntriesAtOnce + 1);
        (List<ulong> keys, List<long> patches) = ([], []);
        long agreeing = 0;
        for (ulong part = 0; part < parts; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            (keys, patches) = (Cleared(keys), Cleared(patches));
            for (int sample = 0; sample < count; sample++)
            {
                for (int g = 0; g < group.Length; g++)
                {
                    ulong key = Hash(samples.AsSpan(sample * inputs, inputs), group[g]);
                    if ((key >> 32) * parts >> 32 != part) continue;
                    keys.Add(key);
                    patches.Add((long)sample * group.Length + g);
                }
            }

            agreeing += CountRuns(samples, inputs, group, CollectionsMarshal.AsSpan(keys), CollectionsMarshal.AsSpan(patches));
        }

        return agreeing;
    }

    private static List<T> Cleared<T>(List<T> list)
    {
        list.Clear();
        return list;
    }

    private static long CountRuns(float[] samples, int inputs, int[][] group, Span<ulong> keys, Span<long> patches)
    {
        keys.Sort(patches);
        long agreeing = 0;
        for (int begin = 0, end; begin < keys.Length; begin = end)
        {
            for (end = begin + 1; end < keys.Length && keys[end] == keys[begin]; end++) { }
            if (end > begin + 1) agreeing += CountEqual(samples, inputs, group, patches[begin..end]);
        }

        return agreeing;
    }

    // Classes of equal patches among those of one hash, nearly always one; a class counts when it has patches of two samples.
    private static long CountEqual(float[] samples, int inputs, int[][] group, ReadOnlySpan<long> patches)
    {
        List<(long First, long Count, bool Several)> classes = [];
        foreach (long patch in patches)
        {
            int known = classes.FindIndex(c => Equal(samples, inputs, group, c.First, patch));
            if (known < 0) classes.Add((patch, 1, false));
            else
                classes[known] = (classes[known].First, classes[known].Count + 1,
                    classes[known].Several || classes[known].First / group.Length != patch / group.Length);
        }

        return classes.Where(c => c.Several).Sum(c => c.Count);
    }

    private static bool Equal(float[] samples, int inputs, int[][] group, long a, long b)
    {
        ReadOnlySpan<float> x = samples.AsSpan((int)(a / group.Length) * inputs, inputs);
        ReadOnlySpan<float> y = samples.AsSpan((int)(b / group.Length) * inputs, inputs);
        int[] p = group[a % group.Length], q = group[b % group.Length];
        for (int i = 0; i < p.Length; i++)
        {
            if (x[p[i]] != y[q[i]]) return false;
        }

        return true;
    }

    // Multiply and fold; 0 is added so that -0 counts as 0.
    private static ulong Hash(ReadOnlySpan<float> sample, int[] patch)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (int position in patch)
        {
            hash = (hash ^ BitConverter.SingleToUInt32Bits(sample[position] + 0f)) * 0xD6E8FEB86659FD93;
            hash ^= hash >> 32;
        }

        return hash;
    }
}
