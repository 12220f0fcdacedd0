using System.Globalization;
using CudaLandscape.Landscape.Rank;

namespace CudaLandscape.Experiments.Tests.SigmaTruth;

/// <summary>A whole run of sigma-truth: what it finds, keeps and says.</summary>
[Collection("device")]
public sealed class SigmaTruthRunTests(SigmaTruthRunFixture run) : IClassFixture<SigmaTruthRunFixture>
{
    private static readonly string[] s_kinds = ["stored", "float32", "gaussian"];

    [Fact]
    public void Float64_features_are_deficient_where_rounded_ones_look_full()
    {
        Assert.Equal(0, run.Session.Code);
        Assert.Equal(["random", "random", "trained"], run.Table.Rows.Select((_, r) => run.Table[r, "weights"]));
        Assert.InRange(run.Table.Number(0, "rank_high_float64"), 1000, 1351);
        Assert.All(s_kinds, kind => Assert.Equal(1352, run.Table.Number(0, $"rank_low_{kind}")));
        Assert.All(s_kinds, kind => Assert.InRange(run.Table.Number(0, $"sigma_min_{kind}") / run.Table.Number(0, "sigma_min_float64"), 100, 1e9));
        Assert.Equal(1352, run.Table.Number(1, "rank_low_float64"));
    }

    [Fact]
    public void Float32_is_as_good_as_Gaussian_noise_of_the_measured_size()
    {
        Assert.InRange(run.Table.Number(0, "sigma_min_float32") / run.Table.Number(0, "sigma_min_gaussian"), 0.5, 2);
        Assert.InRange(run.Table.Number(0, "sigma_min_float32") / run.Table.Number(0, "floor_float32"), 0.5, 4);
        for (int row = 0; row < 3; row++)
        {
            Assert.InRange(run.Table.Number(row, "rounding_stored"), 2e-9, RoundingError.OfStoring);
            Assert.InRange(run.Table.Number(row, "rounding_float32"), 0.8e-8, 4e-8);
            double floor = NoiseFloor.Of(1400, 1352, run.Table.Number(row, "rounding_float32"));
            Assert.Equal(floor, run.Table.Number(row, "floor_float32"), 1e-12 * floor);
        }
    }

    [Fact]
    public void The_paper_s_column_stands_beside_the_prediction_for_all_ten_T1()
    {
        MetricsCsv paper = MetricsCsv.Parse(run.Folder.Read("paper.csv"));
        Assert.Equal(["10", "20", "30", "40", "50", "60", "70", "80", "89", "100"], paper.Rows.Select((_, r) => paper[r, "t1"]));
        double[] ratios = [1.32, 0.99, 0.85, 1.44, 1.24, 1.47, 1.59, 2.53, 3.48, 4.25];
        for (int row = 0; row < ratios.Length; row++) Assert.Equal(ratios[row], paper.Number(row, "ratio"), 0.015);
    }

    [Fact]
    public void Every_kind_of_weights_and_the_paper_have_a_figure_of_their_values()
    {
        string[] drawn = [.. Directory.GetFiles(Path.Combine(run.Folder.Run, "figures")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
        Assert.Contains("paper-column.svg", drawn);
        string values = run.Folder.Read($"figures/{drawn.First(name => name.StartsWith("sigma-min-", StringComparison.Ordinal))}");
        foreach (string series in (string[])["Float64", "Float32", "floor", "threshold"]) Assert.Contains($">{series}<", values, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_both_tables_and_the_conclusions_of_these_numbers()
    {
        string page = run.Folder.Read("table.md");
        MarkdownTable cells = MarkdownTable.Parse(page.Split("\n## ")[0]), paper = MarkdownTable.Parse(page.Split("\n## ")[1]);
        Assert.Equal(("random 0.002", "1352", "0.966"), (cells[0, "weights"], cells[0, "full rank"], cells[0, "n1/N"]));
        Assert.Equal(run.Table[1, "rank_float64"], cells[1, "Float64: σ_min, rank"].Split(", ")[1]);
        Assert.Equal("4.25", paper[9, "paper / predicted"]);
        Assert.Contains("Holds: features computed in float32 fake full rank. Of 1 cell deficient in float64", page);
        Assert.Contains("random 0.002 weights: Theorem 3.5 (rank N for n1 ≥ N) is not asked; full column rank for n1 < N is not seen at T1 (n1/N) = 2 (0.966)", page);
        Assert.Contains("random 0.1 weights: Theorem 3.5 (rank N for n1 ≥ N) is not asked; full column rank for n1 < N is seen at T1 (n1/N) = 2 (0.966)", page);
        Assert.Contains("676 of 676 positions before noise, at 0 after", page);
    }

    [Fact]
    public void A_run_that_lost_parts_measures_them_again_to_the_same_table()
    {
        string[] before = Lines();
        string cells = Path.Combine(run.Folder.Run, "cells");
        File.WriteAllText(Path.Combine(cells, "sd_n-1400_trained_t1-2", "cell.json"), "damaged");
        string json = Path.Combine(run.Folder.Run, "run.json");
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"status\": \"done\"", "\"status\": \"interrupted\""));
        Session session = Session.Run("resume", run.Folder.Run);
        Assert.Equal(0, session.Code);
        Assert.Contains("sd_n-1400_random-0.002_t1-2: done before", session.Errors);
        Assert.Contains("is damaged", session.Errors);
        Assert.Contains("T1 = 2: trained before", session.Errors);
        Assert.Equal(before, Lines());
        Assert.Contains("already done", Session.Run(SigmaTruthRunFixture.Arguments(run.Folder)).Errors);

        // Without the times, and with singular values to the digits that LAPACK repeats on any number of threads.
        string[] Lines()
        {
            MetricsCsv table = run.Table;
            string[] columns = [.. table.Columns.Where(c => !c.StartsWith("seconds_") && !c.StartsWith("sigma_min_"))];
            return [.. table.Rows.Select((_, r) => string.Join(',', columns.Select(c => Rounded(table[r, c]))))];
        }

        static string Rounded(string cell) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value.ToString("G6", CultureInfo.InvariantCulture) : cell;
    }
}
