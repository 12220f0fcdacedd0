using System.CommandLine;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Cli;

/// <summary>Prints what was looked for and found: libraries, devices, memory, kernels; runs one kernel and something of each library.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Show the libraries and devices found, every place looked at, and try each of them.");
        command.SetAction(_ => (int)Run(Console.Out));
        return command;
    }

    private static ExitCode Run(TextWriter output)
    {
        output.WriteLine($"program      cudalandscape {Runs.BuildInfo.Version} (commit {Runs.BuildInfo.Commit})");
        output.WriteLine($"runtime      .NET {Environment.Version}, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores");
        try
        {
            return DescribeDevices(output) ? ExitCode.Ok : ExitCode.Device;
        }
        catch (DeviceUnavailableException e)
        {
            output.WriteLine($"no device: {e.Message}");
            return ExitCode.Device;
        }
        finally
        {
            DescribeProbes(output);
        }
    }

    // Whether all of them do what they should.
    private static bool DescribeDevices(TextWriter output)
    {
        bool right = true;
        DeviceId first = DeviceId.Default;
        DeviceId[] ids = first.Kind == DeviceKind.Soft ? [new(DeviceKind.Soft, 0), new(DeviceKind.Soft, 1)] : [first];
        foreach (DeviceId id in ids)
        {
            using Device device = Device.Open(id);
            DeviceContext c = device.Context;
            (long free, long total) = c.MemoryInfo();
            output.WriteLine(
                $"{id,-12} {c.Name}, {c.MultiprocessorCount} multiprocessors, {c.MaxThreadsPerBlock} threads per block, compute capability "
                + $"{c.ComputeCapability.Major}.{c.ComputeCapability.Minor}, memory {free / 1e9:F1} of {total / 1e9:F1} GB free");
            DeviceCheck[] checks = DeviceCheck.Run(device);
            bool kernelIsRight = RunsKernel(device);
            output.WriteLine(
                $"             kernels {device.KernelsPath} sha256 {device.KernelsSha256[..16]}…; one kernel ran: {(kernelIsRight ? "right" : "WRONG")}");
            output.WriteLine($"             {string.Join(", ", (object[])checks)}");
            right &= kernelIsRight && checks.All(check => check.IsRight);
        }

        foreach (LoadedLibrary library in NativeLibraries.Describe())
            output.WriteLine($"loaded       {library.Library} {library.Version}: {library.Path}");
        output.WriteLine($"nvtx ranges  {ProfilerRange.Status}");
        return right;
    }

    private static bool RunsKernel(Device device)
    {
        using TensorScope scope = new();
        Tensor x = Tensor.From<float>(device, [3], [1, 2, 3]);
        return (x + x).ToArray<float>() is [2, 4, 6];
    }

    private static void DescribeProbes(TextWriter output)
    {
        foreach (LibraryProbe probe in NativeLibraries.Probes)
            output.WriteLine($"probe        {probe.Library} {probe.Candidate}: {probe.Outcome.ToString().ToLowerInvariant()} {probe.Text}".TrimEnd());
    }
}
