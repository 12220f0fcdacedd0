using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>Table 1 or 2 as an experiment that can be begun and resumed.</summary>
internal sealed class SkipExperiment(SkipSettings settings) : Experiment(settings)
{
    /// <inheritdoc/>
    public override string Name => settings.Table.Command;

    /// <inheritdoc/>
    public override string Determinism => SkipReport.Determinism;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Units => [.. settings.Units.Select(u => u.Name)];

    /// <inheritdoc/>
    public override Experiment Only(string unit) =>
        new SkipExperiment(SkipCommand.Of(settings.Table).Only(settings, settings.Units.Single(u => u.Name == unit)));

    /// <inheritdoc/>
    public override Experiment At(string? data, string? device) =>
        new SkipExperiment(settings with { Data = data ?? settings.Data, Device = device ?? settings.Device });

    /// <inheritdoc/>
    public override CollectedTable Collect(IReadOnlyList<RunRecord> runs) => SkipCollection.Of(settings, runs);

    /// <inheritdoc/>
    public override ResolvedData Load()
    {
        try
        {
            return DataSource.Resolve(settings.Data, Console.Error.WriteLine, settings.Samples, settings.TestSamples, settings.Table.Data);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException($"--n {settings.Samples}, --test {settings.TestSamples}", e);
        }
    }

    /// <inheritdoc/>
    public override ExitCode Run(RunFolder folder, Device device, ResolvedData data, CancellationToken cancellation) =>
        new SkipRun(settings, folder, device, cancellation).RunAll(data);
}
