using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy;

/// <summary>What a result must say of where it was measured.</summary>
internal static class Machine
{
    /// <summary>Device, its parts, and how busy the processor was.</summary>
    public static string Describe(Device device)
    {
        string load = File.Exists("/proc/loadavg") ? $", load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} on {Environment.ProcessorCount} cores" : "";
        return $"{device.Id} ({device.Context.Name}), {device.Context.MultiprocessorCount} multiprocessors, "
            + $"last cache {device.Context.LastCacheBytes / 1e6:F0} MB{load}";
    }
}
