using System.CommandLine;
using CudaLandscape.Experiments.Claims;
using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;
using CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;
using CudaLandscape.Experiments.Surfaces;
using CudaLandscape.Experiments.Sweeps;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Data.Download;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command line: commands, and what each kind of failure answers.</summary>
internal static class Application
{
    /// <summary>Does what a command line says.</summary>
    public static int Run(string[] args)
    {
        ParseResult parsed = Commands().Parse(args);
        return parsed.Errors.Count == 0 ? Guard(() => parsed.Invoke(Quiet)) : (int)WrongCommandLine.Report(parsed);
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Commands()
    {
        RootCommand root = new("CudaLandscape: experiments on the loss landscape of neural networks.");
        root.Subcommands.Add(Table2Command.Create());
        root.Subcommands.Add(SigmaTruthCommand.Create());
        root.Subcommands.Add(SkipCommand.Of(SkipTable.One).Create());
        root.Subcommands.Add(SkipCommand.Of(SkipTable.Two).Create());
        root.Subcommands.Add(ClaimsCommand.Create());
        root.Subcommands.Add(SurfaceCommand.Create());
        root.Subcommands.Add(SweepCommand.Create());
        root.Subcommands.Add(ResumeCommand.Create());
        root.Subcommands.Add(ExtendCommand.Create());
        root.Subcommands.Add(CollectCommand.Create());
        root.Subcommands.Add(VerifyRankCommand.Create());
        root.Subcommands.Add(DescribeCommand.Create());
        root.Subcommands.Add(DataCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        Options.RefuseEmpty(root);
        return root;
    }

    // Exceptions are ours to report, signals the run's to handle.
    private static InvocationConfiguration Quiet => new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    private static int Guard(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (CodeOf(e) is { } code)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return (int)code;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"This is a defect of the program; please report it with this text.\n{e}");
            return (int)ExitCode.Failure;
        }
    }

    /// <summary>The exit code of an expected failure; null for a defect, which is shown with its stack.</summary>
    internal static ExitCode? CodeOf(Exception e) => e switch
    {
        OperationCanceledException => ExitCode.Interrupted,
        DataFileException or DownloadException or TooFewSamplesException => ExitCode.Data,
        DeviceOutOfMemoryException => ExitCode.OutOfMemory,
        CudaException or DeviceUnavailableException => ExitCode.Device,
        OverflowException or DivideByZeroException => null,
        ArithmeticException => ExitCode.Numeric,
        ArgumentException or FormatException or IOException or UnauthorizedAccessException => ExitCode.Usage,
        _ => null,
    };
}
