namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>One row of Table 2 as printed in the paper (ICML'18, PMLR 80).</summary>
/// <param name="T1">Filters of the first layer.</param>
/// <param name="RankF1">Rank of F1 [60000, 676·T1].</param>
/// <param name="SigmaMinF1">Its smallest singular value.</param>
/// <param name="RankF3">Rank of F3 [60000, 2880].</param>
/// <param name="SigmaMinF3">Its smallest singular value.</param>
/// <param name="Loss">Loss, printed in units of 1e-5.</param>
/// <param name="TrainErrors">Training errors, of 60000.</param>
/// <param name="TestErrors">Test errors, of 10000.</param>
internal sealed record Table2Paper(
    int T1, int RankF1, double SigmaMinF1, int RankF3, double SigmaMinF3, double Loss, int TrainErrors, int TestErrors)
{
    /// <summary>Training samples behind every row.</summary>
    public const int Samples = 60000;

    /// <summary>All ten rows.</summary>
    public static IReadOnlyList<Table2Paper> Rows { get; } =
    [
        new(10, 6760, 3.7e-6, 2880, 2.0e-2, 2.4e-5, 8, 151),
        new(20, 13520, 2.2e-6, 2880, 7.0e-4, 1.2e-5, 1, 132),
        new(30, 20280, 1.5e-6, 2880, 2.4e-4, 0.24e-5, 0, 174),
        new(40, 27040, 2.0e-6, 2880, 2.2e-3, 0.62e-5, 0, 124),
        new(50, 33800, 1.3e-6, 2880, 3.9e-5, 0.02e-5, 0, 143),
        new(60, 40560, 1.1e-6, 2880, 4.0e-5, 0.57e-5, 0, 141),
        new(70, 47320, 7.5e-7, 2880, 7.1e-3, 0.12e-5, 0, 120),
        new(80, 54080, 5.4e-7, 2875, 4.9e-18, 0.11e-5, 0, 140),
        new(89, 60000, 2.0e-8, 2880, 8.9e-10, 0.35e-5, 0, 117),
        new(100, 60000, 1.1e-6, 2856, 8.5e-27, 0.04e-5, 0, 139),
    ];

    /// <summary>The row of that T1, or null when the paper has none.</summary>
    public static Table2Paper? Find(int t1) => Rows.FirstOrDefault(r => r.T1 == t1);
}
