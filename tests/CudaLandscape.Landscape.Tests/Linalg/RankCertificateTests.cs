using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Tests.Linalg;

public sealed class RankCertificateTests
{
    private static readonly RankResult s_full = new()
    {
        Rows = 60000, Columns = 6760, Rank = 6760, RankLow = 6760, RankHigh = 6760, SigmaMax = 1.1e4, SigmaMin = 1.5e-5, Threshold = 3e-10,
        Eta = 2.4e-11, Method = RankMethod.InverseGolubKahan, RankAtTenth = new RankWindow(6760, 6760, 6760), LowerBound = 1.1e-5,
        UpperBound = 1.6e-5, Residual = 2e-13, SigmaMaxBound = 1.4e4, QrDeviation = 1.25, SigmaMaxSteps = 5, SigmaMinSteps = 9, Seed = 7,
    };

    [Fact]
    public void Full_rank_by_probes_says_bound_inequality_residuals_and_what_it_rests_on()
    {
        string[] lines = RankCertificate.Lines(s_full);
        AssertLines(
            lines, ["60000 x 6760", "full rank 6760", "σ_min ≥ 1.10e-05", "3.67e+04 times", "probability 1 - 1e-10"],
            ["1.10e-05 ≤ σ_min ≤ 1.60e-05", "≤ σ_max ≤ 1.40e+04", "6760, 6760, not counted, not counted"],
            ["Halko, Martinsson and Tropp 2011, Lemma 4.1", "11 vectors, seed 7"], ["2.00e-13", "1.25e+00 ε σ_max² ‖w‖", "5 + 9 block steps"],
            ["η = 10 ε σ_max = 2.40e-11", "calibrated up to n = 4000 and used at 6760 beyond it", "lower bound with probability 1 - 1e-10"]);
    }

    [Fact]
    public void What_was_found_from_the_matrix_itself_is_said_with_its_residual()
    {
        string[] lines = RankCertificate.Lines(s_full with { RefinedSigmaMin = 1.234e-12, RefinedResidual = 5.6e-15 });
        AssertLines(lines, [], [], [], ["from F itself with twice the digits σ = uᵀFv = 1.23e-12, ‖R⁻ᵀ(FᵀFv - σ²v)‖ = 5.60e-15"], []);
    }

    [Fact]
    public void All_singular_values_say_the_window_and_no_probability()
    {
        RankResult deficient = s_full with
        {
            Columns = 1000, Rank = 990, RankLow = 988, RankHigh = 993, Method = RankMethod.SingularValuesOfR, LowerBound = null, SigmaMaxBound = null,
        };
        string[] open = RankCertificate.Lines(deficient), closed = RankCertificate.Lines(deficient with { RankLow = 990, RankHigh = 990 });
        AssertLines(open, ["a rank from 988 to 993 of 1000; 5 singular values lie within η", "not decided"], ["990 [988..993]"], ["Weyl", "all 1000"], [], ["up to n = 4000; the float64"]);
        AssertLines(closed, ["rank 990 of 1000: no singular value lies within η"], [], [], [], []);
        Assert.All((string[][])[open, closed], lines => Assert.DoesNotContain("probab", string.Join('\n', lines), StringComparison.Ordinal));
    }

    [Fact]
    public void A_count_says_what_holds_it_from_both_sides_and_what_does_not()
    {
        RankResult counted = s_full with
        {
            Rank = 6700, RankLow = 6700, RankHigh = 6700, Method = RankMethod.InverseSubspace, LowerBound = null, LowerBoundOfRank = 4e-10,
            NullSpaceNorm = 2.5e-10, SigmaOfRank = 5e-10, SigmaAfterRank = 2e-10, SubspaceSize = 128, Regularized = true, Eta = 4.8e-11,
        };
        AssertLines(
            RankCertificate.Lines(counted),
            ["rank 6700 of 6760", "no less than 6700 since σ_6700 ≥ 4.00e-10 with probability 1 - 1e-10", "no more than 6700 since ‖FV‖ ≤ 2.50e-10 for 60 orthonormal"],
            ["σ_6700 about 5.00e-10, σ_6701 about 2.00e-10"], ["128 smallest", "Courant and Fischer", "Eckart and Young"],
            ["5 + 9 block steps for σ_max and the count"], ["η = 20 ε σ_max", "a second QR, of [R; εσ_max I]", "probability 1 - 1e-10"]);
        RankResult open = counted with { RankLow = 6690, RankHigh = 6705, LowerBoundOfRank = null };
        AssertLines(RankCertificate.Lines(open), ["from 6690 to 6705", "not decided; no less than 6690 by the count alone", "for 55 orthonormal"], [], [], [], []);
        Assert.DoesNotContain("probab", RankCertificate.Lines(open)[4], StringComparison.Ordinal);
        RankResult near = open with { LowerBoundOfRank = 4e-10, BoundedRank = 6685 };
        AssertLines(RankCertificate.Lines(near), ["no less than 6690 by the count alone, no less than 6685 since σ_6685 ≥ 4.00e-10 with prob"], [], [], [], ["probability 1 - 1e-10"]);
    }

    [Fact]
    public void Nothing_is_called_proved_and_what_was_not_measured_is_said_to_be_so()
    {
        RankResult old = s_full with { UpperBound = null, Residual = null, SigmaMaxBound = null, QrDeviation = null, RankAtTenth = null };
        foreach (RankResult result in (RankResult[])[s_full, old, s_full with { Method = RankMethod.ZeroMatrix }])
            Assert.DoesNotContain("prove", string.Join('\n', RankCertificate.Lines(result)), StringComparison.OrdinalIgnoreCase);
        AssertLines(RankCertificate.Lines(old), [], ["not counted, 6760"], [], ["no vector v", "not measured"], []);
    }

    private static void AssertLines(string[] lines, params string[][] parts)
    {
        Assert.Equal(5, lines.Length);
        for (int i = 0; i < 5; i++) Assert.All(parts[i], part => Assert.Contains(part, lines[i], StringComparison.Ordinal));
    }
}
