using CudaLandscape.Landscape.Layers;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// Checks ICLR'19, Assumption 3.1 (3): x_r|S_i ≠ x_s|S_j for all samples r ≠ s. With i = j it is what the proof needs of neurons that
/// have a bias each; with any i and j of the same taps it is the condition as written for filters that are shared. A patch agrees when
/// another sample has the same numbers.
/// </summary>
/// <param name="Samples">N.</param>
/// <param name="Positions">Receptive fields per sample.</param>
/// <param name="AtSamePosition">Patches, of the N times positions, that another sample has at the same position.</param>
/// <param name="AgreeingPositions">Positions with such a patch.</param>
/// <param name="Anywhere">Patches that another sample has at any position with the same taps.</param>
public sealed record PatchAgreement(int Samples, int Positions, long AtSamePosition, int AgreeingPositions, long Anywhere)
{
    /// <summary>True when condition (3) holds.</summary>
    public bool None => Anywhere == 0;

    /// <summary>Counts them.</summary>
    /// <param name="samples">x[N, n_0], one sample after the other.</param>
    /// <param name="patches">The receptive fields.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The samples are not whole ones of n_0 values.</exception>
    public static PatchAgreement Count(float[] samples, FirstLayerPatches patches, CancellationToken cancellation = default)
    {
        EqualPatches equal = new(samples, patches.Inputs, "patch agreement");
        (long same, int positions, long anywhere) = (0, 0, 0);
        foreach (int[][] group in patches.Groups)
        {
            foreach (int[] position in group)
            {
                long agreeing = equal.Count([position], cancellation);
                (same, positions) = (same + agreeing, positions + (agreeing > 0 ? 1 : 0));
            }

            anywhere += equal.Count(group, cancellation);
        }

        return new PatchAgreement(equal.Samples, patches.Positions, same, positions, anywhere);
    }
}
