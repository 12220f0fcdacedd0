using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Surfaces;

/// <summary>A loss surface as an experiment that can be begun and resumed, point by point.</summary>
internal sealed class SurfaceExperiment(SurfaceSettings settings) : Experiment(settings)
{
    /// <summary>Name in run.json and of the command.</summary>
    public const string Title = "surface";

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override string Determinism =>
        "run_to_run: the same machine and command give the same bits, however often the run was stopped (eigenvectors by LAPACK or cuSOLVER are exempt)";

    /// <inheritdoc/>
    public override Experiment At(string? data, string? device) =>
        new SurfaceExperiment(settings with { Data = data ?? settings.Data, Device = device ?? settings.Device });

    /// <inheritdoc/>
    public override ResolvedData Load()
    {
        try
        {
            return DataSource.Resolve(settings.Data, Console.Error.WriteLine, settings.Samples, testCount: 1, settings.Kind);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException($"--n {settings.Samples}", e);
        }
    }

    /// <inheritdoc/>
    public override ExitCode Run(RunFolder folder, Device device, ResolvedData data, CancellationToken cancellation)
    {
        using SurfaceRun run = new(settings, folder, device, data);
        run.RunAll(cancellation);
        return ExitCode.Ok;
    }
}
