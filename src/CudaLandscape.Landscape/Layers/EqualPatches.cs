using System.Runtime.InteropServices;

namespace CudaLandscape.Landscape.Layers;

/// <summary>
/// Counts patches that another sample has too: equality is that of the numbers, so that -0 equals 0 and NaN nothing. Patches are found
/// by a 64-bit hash and compared exactly, so the counts are exact; the memory beside the samples is bounded, whatever their number.
/// </summary>
internal sealed class EqualPatches
{
    private const int EntriesAtOnce = 1 << 22;

    private readonly float[] _samples;
    private readonly int _inputs;

    /// <summary>Takes x[N, n_0], one sample after the other.</summary>
    /// <exception cref="ArgumentException">The samples are not whole ones of n_0 values; the message begins with what they are for.</exception>
    public EqualPatches(float[] samples, int inputs, string what)
    {
        if (samples.Length % inputs != 0) throw new ArgumentException($"{what}: {samples.Length} values are not whole samples of {inputs}.");
        (_samples, _inputs, Samples) = (samples, inputs, samples.Length / inputs);
    }

    /// <summary>N.</summary>
    public int Samples { get; }

    /// <summary>Patches, of the N times the positions' number, that another sample has at one of the positions.</summary>
    /// <param name="positions">A position's inputs each, as many at each.</param>
    /// <param name="cancellation">Stops it.</param>
    public long Count(int[][] positions, CancellationToken cancellation = default)
    {
        // Patches whose hashes lie in one part of the range at a time; equal patches have equal hashes.
        ulong parts = (ulong)((long)Samples * positions.Length / EntriesAtOnce + 1);
        (List<ulong> keys, List<long> patches) = ([], []);
        long agreeing = 0;
        for (ulong part = 0; part < parts; part++)
        {
            cancellation.ThrowIfCancellationRequested();
            keys.Clear();
            patches.Clear();
            Collect(positions, part, parts, keys, patches);
            agreeing += CountRuns(positions, CollectionsMarshal.AsSpan(keys), CollectionsMarshal.AsSpan(patches));
        }

        return agreeing;
    }

    private void Collect(int[][] positions, ulong part, ulong parts, List<ulong> keys, List<long> patches)
    {
        for (int sample = 0; sample < Samples; sample++)
        {
            for (int p = 0; p < positions.Length; p++)
            {
                ulong key = Hash(Sample(sample), positions[p]);
                if ((key >> 32) * parts >> 32 != part) continue;
                keys.Add(key);
                patches.Add((long)sample * positions.Length + p);
            }
        }
    }

    private long CountRuns(int[][] positions, Span<ulong> keys, Span<long> patches)
    {
        keys.Sort(patches);
        long agreeing = 0;
        for (int begin = 0, end; begin < keys.Length; begin = end)
        {
            for (end = begin + 1; end < keys.Length && keys[end] == keys[begin]; end++) { }
            if (end > begin + 1) agreeing += CountEqual(positions, patches[begin..end]);
        }

        return agreeing;
    }

    // Classes of equal patches among those of one hash, nearly always one; a class counts when it has patches of two samples.
    private long CountEqual(int[][] positions, ReadOnlySpan<long> patches)
    {
        List<(long First, long Count, bool Several)> classes = [];
        foreach (long patch in patches)
        {
            int known = classes.FindIndex(c => Equal(positions, c.First, patch));
            if (known < 0) classes.Add((patch, 1, false));
            else
                classes[known] = (classes[known].First, classes[known].Count + 1,
                    classes[known].Several || classes[known].First / positions.Length != patch / positions.Length);
        }

        return classes.Where(c => c.Several).Sum(c => c.Count);
    }

    private bool Equal(int[][] positions, long a, long b)
    {
        ReadOnlySpan<float> x = Sample((int)(a / positions.Length)), y = Sample((int)(b / positions.Length));
        int[] p = positions[a % positions.Length], q = positions[b % positions.Length];
        for (int i = 0; i < p.Length; i++)
        {
            if (x[p[i]] != y[q[i]]) return false;
        }

        return true;
    }

    private ReadOnlySpan<float> Sample(int index) => _samples.AsSpan(index * _inputs, _inputs);

    // Multiply and fold; 0 is added so that -0 counts as 0.
    private static ulong Hash(ReadOnlySpan<float> sample, int[] position)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (int input in position)
        {
            hash = (hash ^ BitConverter.SingleToUInt32Bits(sample[input] + 0f)) * 0xD6E8FEB86659FD93;
            hash ^= hash >> 32;
        }

        return hash;
    }
}
