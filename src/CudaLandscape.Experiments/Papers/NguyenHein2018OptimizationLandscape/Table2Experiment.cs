using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>Table 2 as an experiment that can be begun and resumed.</summary>
internal sealed class Table2Experiment(Table2Settings settings) : Experiment(settings)
{
    /// <summary>Name in run.json and of the command.</summary>
    public const string Title = "table2";

    /// <summary>Its settings.</summary>
    public Table2Settings Values => settings;

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override string Determinism => Table2Report.Determinism;

    /// <inheritdoc/>
    public override Experiment At(string? data, string? device) =>
        new Table2Experiment(settings with { Data = data ?? settings.Data, Device = device ?? settings.Device });

    /// <inheritdoc/>
    public override void RequireExtends(Experiment before) => settings.RequireExtends(((Table2Experiment)before).Values);

    /// <inheritdoc/>
    public override CollectedTable Collect(IReadOnlyList<RunRecord> runs)
    {
        Table2Collection collection = Table2Collection.Of(runs);
        Table2Report report = new(collection.Settings, collection.Rows, collection.Data, collection.Devices);
        return new CollectedTable(report.Print, report.ToMarkdown(), Table2Metrics.ToCsv(collection.Settings, collection.Rows));
    }

    /// <inheritdoc/>
    public override ResolvedData Load() => FirstImages($"--n {settings.Samples}", settings.Samples, testCount: null);

    /// <inheritdoc/>
    public override ExitCode Run(RunFolder folder, Device device, ResolvedData data, CancellationToken cancellation) =>
        new Table2Run(settings, folder, device, cancellation).RunAll(data) ? ExitCode.Ok : ExitCode.OutOfMemory;
}
