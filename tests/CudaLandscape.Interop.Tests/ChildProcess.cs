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
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (string device in devices)
        {
            start.ArgumentList.Add(device);
        }

        start.Environment["CUDA_VISIBLE_DEVICES"] = "";
        foreach ((string name, string? value) in variables)
        {
            start.Environment[name] = value;
        }

        return Run(start);
    }

    private static string Run(ProcessStartInfo start)
    {
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd();
        Assert.True(child.WaitForExit(Patience), "the child process did not end");
        Assert.True(child.ExitCode == 0, $"exit code {child.ExitCode}: {errors.Result}");
        return output;
    }
}
