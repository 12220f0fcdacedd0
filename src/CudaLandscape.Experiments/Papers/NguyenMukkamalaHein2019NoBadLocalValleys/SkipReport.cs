using System.Globalization;
using System.Text;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Models;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>The table for the screen and for table.md: mean and standard deviation of finished runs, the paper's cell beneath.</summary>
internal sealed class SkipReport(
    SkipSettings settings, IReadOnlyDictionary<SkipUnit, SkipResult> results, string data, string device)
{
    /// <summary>What a repetition gives, as run.json says it too.</summary>
    public const string Determinism = "run_to_run: the same machine and command give the same bits; on softcuda they do not depend on the "
        + "number of threads (the exact variant's LU is exempt)";

    private readonly (string Activation, bool Augmented)[] _columns =
        [.. settings.Activations.SelectMany(activation => settings.Augmentations.Select(augmented => (activation, augmented)))];

    public void Print()
    {
        Console.WriteLine(Title());
        Table().Print();
        foreach (string note in Notes()) Console.WriteLine(note);
    }

    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# {Title()}\n\n{Table().ToMarkdown()}");
        foreach (string note in Notes()) text.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
        return text.ToString();
    }

    private TextTable Table() => new(["network", "", .. _columns.Select(c => $"{c.Activation}{(c.Augmented ? ", augmented" : "")}")], [.. Rows()]);

    private string Title() =>
        $"{settings.Table.Title} ({settings.Preset}), test accuracy in %: N = {settings.Samples}, {settings.Epochs} epochs, {data}, device {device}";

    private IEnumerable<string[]> Rows()
    {
        string paper = settings.Samples == settings.Table.Samples && settings.Epochs == SkipTable.Epochs
            ? "paper" : $"paper (N = {settings.Table.Samples}, {SkipTable.Epochs} epochs)";
        foreach (string network in settings.Networks)
        {
            foreach (SkipVariant variant in settings.Variants)
            {
                SkipUnit[] cells = [.. _columns.Select(c => new SkipUnit(network, variant, c.Activation, c.Augmented, 0))];
                yield return [$"{network} {SkipUnit.NameOf(variant)}", "ours", .. cells.Select(Ours)];
                yield return ["", paper, .. cells.Select(SkipPaper.Find)];
            }
        }
    }

    // A cell says how many runs are behind it and never shows what was not run.
    private string Ours(SkipUnit cell)
    {
        SkipResult[] planned = [.. results.Where(r => r.Key.Cell == cell).Select(r => r.Value)];
        double[] done = [.. planned.Where(r => r.IsDone).Select(r => r.TestAccuracy)];
        if (planned.Length == 0) return "not run";
        string runs = $"({done.Length} of {planned.Length} run{(planned.Length == 1 ? "" : "s")})";
        return done.Length switch
        {
            0 => $"not finished {runs}",
            1 => string.Create(CultureInfo.InvariantCulture, $"{done[0]:F2} {runs}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{done.Average():F2} ± {Deviation(done):F2} {runs}"),
        };
    }

    private IEnumerable<string> Notes()
    {
        yield return "mean ± standard deviation (n - 1) over the seeds; every skip run draws its own neurons, weights and order of samples.";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Choices the paper leaves open: batch {settings.BatchSize}, Nesterov's momentum {settings.Momentum}, {settings.Connections} skip connections per output read after activation, ")
            + $"the network's own last layer kept (not in rand), V drawn like U ({settings.Initializer}), biases zero, pixels / 255, seeds {string.Join(",", settings.Seeds)}.";
        if (settings.Networks.Contains("cnn13"))
            yield return settings.Reading == Cnn13Reading.Text
                ? "CNN13 with 179,840 hidden neurons, as the text says." : "CNN13 with 204,928 hidden neurons, as the table adds up.";
        if (settings.Networks.Any(n => n.StartsWith("vgg", StringComparison.Ordinal)))
            yield return $"VGG {(settings.BatchNorm ? "with" : "without")} batch normalisation, "
                + (settings.Downsampling == VggDownsampling.MaxPool
                    ? "with max-pooling, which is not analytic: Assumption 3.1 is not met."
                    : "with convolutions of stride 2 in the place of max-pooling: analytic, as Assumption 3.1 asks.");
        if (settings.Networks.Contains("densenet121"))
            yield return "DenseNet121: growth 32, 3x3 stem with 64 maps, skip neurons from the first dense block; a frozen U keeps the running statistics it starts with.";
        yield return $"Determinism: {Determinism}.";
        foreach (IGrouping<string, SkipResult> missing in results.Values.Where(r => r.Problem is not null).GroupBy(r => r.Problem!))
            yield return $"{string.Join(", ", missing.Select(r => r.Unit))}: {missing.Key}";
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
