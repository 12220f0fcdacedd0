namespace CudaLandscape.Interop.Tests;

public sealed class ResolverTests
{
    private static readonly DeviceId Soft = new(DeviceKind.Soft, 0);
    private static readonly DeviceId Cuda = new(DeviceKind.Cuda, 0);

    [Fact]
    public void The_variable_goes_before_the_device_asked_for()
    {
        Assert.Equal(DeviceKind.Cuda, NativeLibraryResolver.Wanted("cuda:1", Soft));
        Assert.Equal(DeviceKind.Soft, NativeLibraryResolver.Wanted("soft", Cuda));
        Assert.Equal(DeviceKind.Soft, NativeLibraryResolver.Wanted(null, Soft));
        Assert.Equal(DeviceKind.Cuda, NativeLibraryResolver.Wanted("", Cuda));
        Assert.Null(NativeLibraryResolver.Wanted(null, null));
    }

    [Fact]
    public void The_other_driver_is_refused_by_name()
    {
        LibraryFile file = new("/app/libsoftcuda.so", 1);
        LibraryBinding bound = new(DeviceKind.Soft, 0, file, file, file);
        Assert.Equal(
            "cuda:0 cannot be opened: this process has bound softcuda (/app/libsoftcuda.so), and a process binds one "
            + "driver only. Start it with CUDALANDSCAPE_DEVICE=cuda:0.",
            NativeLibraryResolver.OtherDriver(Cuda, bound).Message);
    }

    [Fact]
    public void A_probe_reads_as_one_line()
    {
        LibraryProbe probe = new("driver", "libcuda.so.1", ProbeOutcome.Wrong, "it has no device");
        Assert.Equal("driver libcuda.so.1: wrong (it has no device)", probe.ToString());
        Assert.Equal("softcuda /a: found", new LibraryProbe("softcuda", "/a", ProbeOutcome.Found, "").ToString());
    }

    [SkippableFact]
    public void Asking_for_cuda_without_a_device_fails_and_leaves_softcuda_to_be_had()
    {
        Devices.RequireSoftcudaFile();
        string[] lines = ChildProcess.Open(null, "cuda:0", "soft:1", "cuda:0").Split('\n');
        Assert.StartsWith("DeviceUnavailableException: No NVIDIA device answers", lines[0]);
        Assert.Equal("opened soft:1, kernels of libsoftcuda.so", lines[^3]);
        Assert.Contains("cuda:0 cannot be opened: this process has bound softcuda", lines[^2]);
    }

    [SkippableFact]
    public void The_variable_chooses_the_default_device()
    {
        Devices.RequireSoftcudaFile();
        Assert.StartsWith("opened soft:1", ChildProcess.Open("soft:1", "default"));
        Assert.StartsWith("opened soft:0", ChildProcess.Open(null, "default"));
        Assert.StartsWith("DeviceUnavailableException: No NVIDIA device", ChildProcess.Open("cuda", "default"));
        Assert.StartsWith("FormatException: CUDALANDSCAPE_DEVICE: 'tpu'", ChildProcess.Open("tpu", "default"));
    }

    [SkippableFact]
    public void A_number_beyond_the_last_device_is_refused()
    {
        Devices.RequireSoftcudaFile();
        Assert.Equal(
            "DeviceUnavailableException: There is no device soft:9: the driver offers 2 (soft:0 to soft:1).\n",
            ChildProcess.Open("soft", "soft:9"));
    }
}
