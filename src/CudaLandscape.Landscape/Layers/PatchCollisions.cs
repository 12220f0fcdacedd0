namespace CudaLandscape.Landscape.Layers;

/// <summary>
/// Checks ICML'18, Assumption 3.1: at no patch position do two samples have the same patch, x_i^p ≠ x_j^p for all p and i ≠ j.
/// </summary>
/// <param name="Samples">Number of samples, N.</param>
/// <param name="Positions">Number of patch positions, P.</param>
/// <param name="CollidingPositions">Positions at which at least two samples agree; the assumption holds when there are none.</param>
/// <param name="CollidingPatches">Patches, of the N P there are, that another sample has at the same position.</param>
public sealed record PatchCollisions(int Samples, int Positions, int CollidingPositions, long CollidingPatches)
{
    /// <summary>True when the assumption holds.</summary>
    public bool None => CollidingPositions == 0;

    /// <summary>Counts them by sorting, position by position; equality is that of the numbers.</summary>
    /// <param name="samples">x[N, n_0], one sample after the other.</param>
    /// <param name="layer">The first layer's patches of n_0 inputs.</param>
    /// <exception cref="ArgumentException">The samples are not whole ones of n_0 values.</exception>
    public static PatchCollisions Count(float[] samples, PatchLayer layer)
    {
        if (samples.Length % layer.Inputs != 0)
            throw new ArgumentException($"patch collisions: {samples.Length} values are not whole samples of {layer.Inputs}.");
        int count = samples.Length / layer.Inputs;
        long[] colliding = [.. layer.Patches.Select(patch => CollidingAt(samples, count, layer.Inputs, patch))];
        return new PatchCollisions(count, colliding.Length, colliding.Count(c => c > 0), colliding.Sum());
    }

    private static long CollidingAt(float[] samples, int count, int inputs, int[] patch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(order, Compare);
        long colliding = 0;
        for (int i = 0; i < count; i++)
        {
            bool before = i > 0 && Compare(order[i - 1], order[i]) == 0;
            bool after = i + 1 < count && Compare(order[i], order[i + 1]) == 0;
            if (before || after) colliding++;
        }

        return colliding;

        int Compare(int a, int b)
        {
            foreach (int position in patch)
            {
                int sign = samples[(long)a * inputs + position].CompareTo(samples[(long)b * inputs + position]);
                if (sign != 0) return sign;
            }

            return 0;
        }
    }
}
