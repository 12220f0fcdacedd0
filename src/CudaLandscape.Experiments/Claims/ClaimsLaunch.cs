using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims;

/// <summary>Runs claims into a run folder: a line each on standard output, claims.json and claims.md after every one.</summary>
internal static class ClaimsLaunch
{
    /// <summary>Name in run.json and of the command.</summary>
    public const string Experiment = "claims";

    /// <summary>Lists claims with their sizes, and the items that other commands answer.</summary>
    public static ExitCode List(IReadOnlyList<IClaim> claims, IReadOnlyList<TableItem> tables, TextWriter output)
    {
        foreach (IClaim claim in claims)
        {
            output.WriteLine($"{claim.Item,3}  {claim.Name}: {claim.Statement} ({claim.Source})");
            foreach (ClaimSize size in claim.Sizes)
                output.WriteLine($"       {size.Name}={size.Default}: {size.Meaning}; says something from {size.Least} on");
        }

        foreach (TableItem table in tables) output.WriteLine($"{table.Item,3}  no claim but {table.Statement}; {table.Command}");
        return ExitCode.Ok;
    }

    /// <summary>Runs them all. Where the device is not there, nothing is written.</summary>
    public static ExitCode Start(ClaimsSettings settings)
    {
        using Device device = Device.Open(settings.Device is { } name ? DeviceId.Parse(name) : DeviceId.Default);
        using RunFolder folder = RunFolder.Create(settings.Out, Experiment, settings.ToJson(), settings.Arguments);
        using Interruption interruption = new(folder, resumable: false);
        try
        {
            folder.Log($"run folder {folder.FullPath}; device {device.Id} ({device.Context.Name})");
            List<ClaimOutcome> outcomes = Run(settings, folder, device, interruption.Token);
            folder.SetStatus(RunStatus.Done);
            Console.WriteLine(new ClaimPage(outcomes, "").Summary);
            Console.WriteLine($"results: {folder.FullPath}");
            return CodeOf(outcomes);
        }
        catch (OperationCanceledException) when (interruption.Code is { } code)
        {
            folder.TrySetStatus(RunStatus.Interrupted);
            return code;
        }
        catch (Exception e)
        {
            folder.TrySetStatus(RunStatus.Failed, e.Message);
            throw;
        }
    }

    private static List<ClaimOutcome> Run(ClaimsSettings settings, RunFolder folder, Device device, CancellationToken cancellation)
    {
        ClaimImages images = new(settings.Data, folder), colours = new(settings.Data, folder, DataSetKind.Cifar10);
        ClaimRunner runner = new(device, settings.Seed, settings.Sizes, images.Take, cancellation, colours.Take, images.TakeTest);
        List<ClaimOutcome> outcomes = [];
        foreach (IClaim claim in settings.Claims)
        {
            cancellation.ThrowIfCancellationRequested();
            ClaimOutcome outcome = runner.Run(claim);
            outcomes.Add(outcome);
            Console.WriteLine(outcome.ToLine());
            foreach (ClaimFigure figure in outcome.Result.Figures) RunFigures.Write(folder, figure.Name, figure.Figure);
            string data = colours.WereNeeded ? $"{images.Description}; {colours.Description}" : images.Description;
            Save(folder, new ClaimPage(outcomes, $"Seed {settings.Seed}, device {device.Id}, commit {BuildInfo.Commit}; {data}."));
        }

        return outcomes;
    }

    private static void Save(RunFolder folder, ClaimPage page)
    {
        folder.Write("claims.json", page.ToJson());
        folder.Write("claims.md", page.ToMarkdown());
    }

    private static ExitCode CodeOf(List<ClaimOutcome> outcomes) =>
        outcomes.Exists(o => o.Result.Verdict == Verdict.Fails) ? ExitCode.NotConfirmed
        : outcomes.Exists(o => o.Stopped) ? ExitCode.Numeric
        : ExitCode.Ok;
}
