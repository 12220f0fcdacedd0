using CudaLandscape.Nn;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>One training behind a cell of the table.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Variant">What is trained.</param>
/// <param name="Activation">sigmoid or softplus.</param>
/// <param name="Augmented">Random crops and flips.</param>
/// <param name="Seed">Seed of weights, neurons, and order of samples.</param>
internal sealed record SkipUnit(string Network, SkipVariant Variant, string Activation, bool Augmented, ulong Seed)
{
    private static readonly string[] s_variants = ["plain", "skip-sgd", "skip-rand", "skip-exact"];

    /// <summary>Its folder in a run.</summary>
    public string Name => $"{Network}_{NameOf(Variant)}_{Activation}{(Augmented ? "_augmented" : "")}_seed{Seed}";

    /// <summary>The cell it belongs to: the same unit without its seed.</summary>
    public SkipUnit Cell => this with { Seed = 0 };

    /// <summary>The variant's name.</summary>
    public static string NameOf(SkipVariant variant) => s_variants[(int)variant];

    /// <summary>The variant of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest ones.</exception>
    public static SkipVariant VariantOf(string name) => Array.IndexOf(s_variants, name) is >= 0 and int index
        ? (SkipVariant)index
        : throw new ArgumentException($"There is no variant '{name}'; nearest: {NearestNames.Text(name, s_variants)}.");
}
