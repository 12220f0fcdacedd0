namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>The cells of Tables 1 and 2 as printed: test accuracy in percent, with the standard deviation over 8 draws.</summary>
internal static class SkipPaper
{
    // Columns: sigmoid, sigmoid augmented, softplus, softplus augmented; an empty text is a cell the paper does not have.
    private static readonly (string Network, SkipVariant Variant, string[] Cells)[] s_rows =
    [
        ("cnn13", SkipVariant.Plain, ["11.35", "", "99.20", ""]),
        ("cnn13", SkipVariant.SkipSgd, ["98.40 ± 0.07", "", "99.14 ± 0.04", ""]),
        ("vgg11", SkipVariant.Plain, ["10", "10", "78.92", "88.62"]),
        ("vgg11", SkipVariant.SkipRand, ["62.81 ± 0.39", "", "64.49 ± 0.38", ""]),
        ("vgg11", SkipVariant.SkipSgd, ["72.51 ± 0.35", "85.55 ± 0.09", "80.57 ± 0.40", "89.32 ± 0.16"]),
        ("vgg13", SkipVariant.Plain, ["10", "10", "80.84", "90.58"]),
        ("vgg13", SkipVariant.SkipRand, ["61.50 ± 0.34", "", "61.42 ± 0.40", ""]),
        ("vgg13", SkipVariant.SkipSgd, ["70.24 ± 0.39", "86.48 ± 0.32", "81.94 ± 0.40", "91.06 ± 0.12"]),
        ("vgg16", SkipVariant.Plain, ["10", "10", "81.33", "90.68"]),
        ("vgg16", SkipVariant.SkipRand, ["61.57 ± 0.41", "", "61.46 ± 0.34", ""]),
        ("vgg16", SkipVariant.SkipSgd, ["70.61 ± 0.36", "86.42 ± 0.31", "81.91 ± 0.24", "91.00 ± 0.22"]),
        ("densenet121", SkipVariant.Plain, ["86.41", "90.93", "89.31", "94.20"]),
        ("densenet121", SkipVariant.SkipRand, ["52.07 ± 0.48", "", "55.39 ± 0.48", ""]),
        ("densenet121", SkipVariant.SkipSgd, ["81.47 ± 1.03", "90.32 ± 0.50", "86.76 ± 0.49", "93.23 ± 0.42"]),
    ];

    /// <summary>The paper's cell, empty where it has none.</summary>
    public static string Find(SkipUnit cell) =>
        s_rows.FirstOrDefault(r => r.Network == cell.Network && r.Variant == cell.Variant).Cells is { } cells
            ? cells[(cell.Activation == "sigmoid" ? 0 : 2) + (cell.Augmented ? 1 : 0)]
            : "";
}
