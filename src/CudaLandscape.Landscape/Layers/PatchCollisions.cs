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

    /// <summary>Counts them position by position; equality is that of the numbers.</summary>
    /// <param name="samples">x[N, n_0], one sample after the other.</param>
    /// <param name="layer">The first layer's patches of n_0 inputs.</param>
    /// <exception cref="ArgumentException">The samples are not whole ones of n_0 values.</exception>
    public static PatchCollisions Count(float[] samples, PatchLayer layer)
    {
        EqualPatches equal = new(samples, layer.Inputs, "patch collisions");
        long[] colliding = [.. layer.Patches.Select(patch => equal.Count([patch]))];
        return new PatchCollisions(equal.Samples, colliding.Length, colliding.Count(c => c > 0), colliding.Sum());
    }
}
