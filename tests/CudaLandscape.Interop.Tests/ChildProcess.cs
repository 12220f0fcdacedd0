using System.Diagnostics;

namespace CudaLandscape.Interop.Tests;

/// <summary>Runs <see cref="Program"/> in a process of its own, where no NVIDIA device is visible.</summary>
internal static class ChildProcess
{
    private const int Patience = 60_000;

    /// <summary>What the child printed after opening the devices, with CUDALANDSCAPE_DEVICE set to a value or unset.
    /// </summary>
    internal static string Open(string? variable, params string[] devices) =>
        OpenWith(new Dictionary<string, string?> { [DeviceId.Variable] = variable }, devices);

    /// <summary>The same with any variables; those with no value are unset.</summary>
    internal static string OpenWith(IReadOnlyDictionary<string, string?> variables, params string[] devices)
    {
        (int exitCode, string output, string errors) = Run(Start(variables, devices));
        Assert.True(exitCode == 0, $"exit code {exitCode}: {errors}");
        return output;
    }

    /// <summary>Lets the host read memory of the device: the exit code, and what was written to standard error.</summary>
    internal static (int ExitCode, string Errors) Touch(string device)
    {
        Dictionary<string, string?> variables = new() { [DeviceId.Variable] = "soft", ["DOTNET_DbgEnableMiniDump"] = "0" };
        (int exitCode, _, string errors) = Run(Start(variables, ["touch", device]));
        return (exitCode, errors);
    }

    private static ProcessStartInfo Start(IReadOnlyDictionary<string, string?> variables, string[] arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["CUDA_VISIBLE_DEVICES"] = "";
        _ = start.Environment.Remove(LibrarySource.ListVariable);
        foreach ((string name, string? value) in variables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static (int ExitCode, string Output, string Errors) Run(ProcessStartInfo start)
    {
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd();
        Assert.True(child.WaitForExit(Patience), "the child process did not end");
        return (child.ExitCode, output, errors.Result);
    }
}
