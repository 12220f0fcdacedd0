using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>sigma-truth as an experiment that can be begun and resumed.</summary>
internal sealed class SigmaTruthExperiment(SigmaTruthSettings settings) : Experiment(settings)
{
    /// <summary>Name in run.json and of the command.</summary>
    public const string Title = "sigma-truth";

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override string Determinism => Table2Report.Determinism;

    /// <inheritdoc/>
    public override Experiment At(string? data, string? device) =>
        new SigmaTruthExperiment(settings with { Data = data ?? settings.Data, Device = device ?? settings.Device });

    /// <inheritdoc/>
    public override ResolvedData Load()
    {
        try
        {
            return DataSource.Resolve(settings.Data, Console.Error.WriteLine, settings.Samples.Max(), testCount: 1);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException($"--n {settings.Samples.Max()}", e);
        }
    }

    /// <inheritdoc/>
    public override ExitCode Run(RunFolder folder, Device device, ResolvedData data, CancellationToken cancellation) =>
        new SigmaTruthRun(settings, folder, device, cancellation).RunAll(data) ? ExitCode.Ok : ExitCode.OutOfMemory;
}
