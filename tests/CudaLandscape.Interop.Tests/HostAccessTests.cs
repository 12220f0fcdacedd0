namespace CudaLandscape.Interop.Tests;

/// <summary>The host cannot follow an address of the check device, as it cannot follow one of a GPU.</summary>
public sealed class HostAccessTests
{
    [SkippableFact]
    public void A_read_of_the_check_devices_memory_ends_the_process_and_names_the_allocation()
    {
        Devices.RequireSoftcudaFile();
        Skip.If(Environment.GetEnvironmentVariable("ASAN_OPTIONS") is not null, "AddressSanitizer guards device memory itself");
        (int exitCode, string errors) = ChildProcess.Touch("soft:1");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("softcuda: the host touched byte 100 of 1000 bytes of device memory at 0x", errors);
        Assert.Contains("Copy device memory with cuMemcpy.", errors);
        Assert.Contains("at CudaLandscape.Interop.Tests.Program.Touch", errors);
    }

    [SkippableFact]
    public void Memory_of_the_fast_device_is_open()
    {
        Devices.RequireSoftcudaFile();
        Assert.Equal(0, ChildProcess.Touch("soft:0").ExitCode);
    }
}
