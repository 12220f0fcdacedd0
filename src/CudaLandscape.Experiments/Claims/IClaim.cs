namespace CudaLandscape.Experiments.Claims;

/// <summary>
/// A statement of one of the five documents that can be computed. One class in one file, named in <see cref="ClaimList"/>; it
/// chooses sizes and data and says what is expected, while what it computes is in <c>CudaLandscape.Landscape</c>.
/// </summary>
internal interface IClaim
{
    /// <summary>Number in the list of claims; parts of one item share it.</summary>
    int Item { get; }

    /// <summary>Name for the command line, in kebab case, of this claim only.</summary>
    string Name { get; }

    /// <summary>What is claimed, in a few words.</summary>
    string Statement { get; }

    /// <summary>Document and place, such as <c>Nguyen and Hein, ICML'18, Lemma 4.3</c>.</summary>
    string Source { get; }

    /// <summary>What can be chosen; empty when nothing can.</summary>
    IReadOnlyList<ClaimSize> Sizes { get; }

    /// <summary>Device memory it needs at most, estimated before it starts; 0 when that is next to nothing.</summary>
    long EstimateBytes(ClaimContext context) => 0;

    /// <summary>Computes it. A claim that cannot be decided returns no checks, or a reason why it is open.</summary>
    /// <exception cref="ArithmeticException">A value is not finite; the message names where.</exception>
    ClaimResult Run(ClaimContext context);
}
