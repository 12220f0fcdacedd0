using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;
using CudaLandscape.Landscape.Layers;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Tests.SigmaTruth;

/// <summary>Conclusions follow from planted numbers, in every direction.</summary>
public sealed class SigmaTruthConclusionsTests
{
    [Theory]
    [InlineData(3900, 4000, 4000, "Holds: features computed in float32 fake full rank. Of 2 cells deficient in float64, by 100 singular values, 2 then")]
    [InlineData(3900, 4000, 3990, "Holds in part: features computed in float32")]
    [InlineData(3900, 3990, 3990, "Does not hold: features computed in float32")]
    [InlineData(4000, 4000, 4000, "Not seen: no cell has deficient float64 features, so nothing says whether features computed in float32")]
    public void Whether_float32_fakes_full_rank(long exact, long first, long second, string expected) =>
        Assert.StartsWith(expected, Lines(Cell(6, exact, 1e-12, first, 1e-8), Cell(6, exact, 1e-12, second, 1e-8))[0]);

    // A floor of 2e-8 (√4056 - √4000) = 8.82e-9, and a control of half as much as float32.
    [Fact]
    public void Lifts_are_compared_with_floor_and_control()
    {
        string line = Lines(Cell(6, 4000, 1e-12, 4000, 2.7e-8), Cell(7, 4000, 1e-6, 4000, 1.5e-6))[2];
        Assert.Contains("3 times or more in 1 of 2 cells, up to 2.70e+04 times", line);
        Assert.Contains("it then is 2.00 times σ_min of float64 features with Gaussian noise of the same ρ (within a factor of 2 in 0 of 1 cells)", line);
        Assert.Contains("and 3.06 times ρ", line);
        Assert.EndsWith("In the other cells it is 1.50 times float64's.", line);
        Assert.Equal(
            "Not seen: float32 features lift no σ_min 3 times or more; it is 1.00 to 1.20 times float64's.",
            Lines(Cell(7, 4000, 1e-6, 4000, 1e-6), Cell(7, 4000, 1e-6, 4000, 1.2e-6))[2]);
    }

    [Fact]
    public void What_was_not_measured_is_not_concluded()
    {
        string[] lines = Lines(Cell(6, 3990, 1e-12, 4000, 1e-8));
        Assert.DoesNotContain(lines, line => line.Contains("stored as float32 fake"));
        Assert.DoesNotContain(lines, line => line.Contains("In the other cells"));
    }

    [Fact]
    public void A_rank_that_is_open_is_neither_seen_nor_not_seen()
    {
        string line = Lines(Cell(6, 3990, 1e-12, 4000, 1e-8, high: 4000), Cell(7, 4000, 1e-6, 4000, 1e-6), Cell(5, 3000, 1e-13, 3380, 1e-8))[4];
        Assert.Contains("is visible at T1 (n1/N) = 7 (1.183), undecided at T1 (n1/N) = 6 (1.014); full column rank for n1 < N is not seen at T1 (n1/N) = 5 (0.845)", line);
    }

    [Fact]
    public void Patches_that_collide_are_said_to_fail_the_assumption()
    {
        PatchSurvey survey = new(Patches(676), Patches(3), Patches(0));
        string line = Assert.Single(new SigmaTruthConclusions([], [survey]).Lines(), l => l.StartsWith("Assumption"));
        Assert.EndsWith("so that it fails without noise, fails after the one and holds after the other.", line);
        Assert.Equal(survey, PatchSurvey.FromJson(survey.ToJson()));
    }

    private static PatchCollisions Patches(int positions) => new(4000, 676, positions, 2 * positions);

    private static string[] Lines(params (SigmaTruthCell Key, SigmaTruthResult Result)[] cells) => [.. new SigmaTruthConclusions(cells, []).Lines()];

    private static (SigmaTruthCell Key, SigmaTruthResult Result) Cell(int t1, long exact, double sigma, long single, double singleSigma, long? high = null)
    {
        SigmaTruthResult result = new();
        result.Ranks[FeatureKind.Float64] = Rank(t1, exact, sigma, high ?? exact);
        result.Ranks[FeatureKind.Float32] = Rank(t1, single, singleSigma, single);
        result.Ranks[FeatureKind.Gaussian] = Rank(t1, single, singleSigma / 2, single);
        result.Rounding[FeatureKind.Float32] = new RoundingError(1, 0, 2e-8, 5e-8);
        return (new SigmaTruthCell(NoiseReading.StandardDeviation, 4000, 0.33, t1), result);
    }

    private static RankResult Rank(int t1, long rank, double sigma, long high) => new()
    {
        Rows = 4000, Columns = 676 * t1, Rank = rank, RankLow = rank, RankHigh = high, SigmaMax = 1, SigmaMin = sigma, Threshold = 1e-11,
        Eta = 1e-15, Method = RankMethod.SingularValuesOfR, Seed = 1,
    };
}
