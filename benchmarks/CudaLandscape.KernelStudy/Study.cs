using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Interop;

namespace CudaLandscape.KernelStudy;

/// <summary>The command line: commands, and what each kind of failure answers.</summary>
internal static class Study
{
    public static int Run(string[] args)
    {
        RootCommand root = new("Kernels of CudaLandscape: where they are, whether they are right, how fast they are.")
        {
            KernelCommand.Create(), RooflineCommand.Create(), CeilingsCommand.Create(), CheckCommand.Create(),
            RatiosCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return Guard(() => parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
        foreach (string error in parsed.Errors.Select(e => e.Message)) Console.Error.WriteLine($"error: {error}");
        Console.Error.WriteLine($"See {ProgramName.Command(parsed.CommandResult.Command.Name, "--help")}.");
        return ExitCodes.Usage;
    }

    private static int Guard(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (CodeOf(e) is { } code)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return code;
        }
    }

    private static int? CodeOf(Exception e) => e switch
    {
        DeviceOutOfMemoryException => ExitCodes.OutOfMemory,
        CudaException or DeviceUnavailableException => ExitCodes.Device,
        ArgumentException or FormatException or IOException or UnauthorizedAccessException => ExitCodes.Usage,
        _ => null,
    };
}
