namespace CudaLandscape.Interop.Tests;

public sealed class LibraryChooserTests
{
    private const string Driver = "libcuda.so.1";
    private const string Soft = "/app/libsoftcuda.so";

    [Fact]
    public void Without_a_wish_an_answering_driver_is_taken()
    {
        FakeHost host = new FakeHost().OnPath(Driver, "libcublas.so.13", "libcusolver.so.12")
            .With("/app", "libsoftcuda.so");
        LibraryBinding bound = new LibraryChooser(host).Choose(null);
        Assert.Equal((DeviceKind.Cuda, 13), (bound.Kind, bound.CudaMajor));
        Assert.Equal([Driver, "libcublas.so.13", "libcusolver.so.12"], host.Loaded);
    }

    [Fact]
    public void Without_a_driver_softcuda_answers_for_all_three()
    {
        FakeHost host = new FakeHost().With("/app", "libsoftcuda.so");
        LibraryBinding bound = new LibraryChooser(host).Choose(null);
        Assert.Equal(DeviceKind.Soft, bound.Kind);
        Assert.Equal(Soft, bound.Driver.Path);
        Assert.Same(bound.Driver, bound.Blas);
        Assert.Same(bound.Driver, bound.Solver);
    }

    [Theory]
    [InlineData(0, 0, "it has no device")]
    [InlineData(100, 0, "cuInit answered CUDA_ERROR_NO_DEVICE")]
    public void A_driver_without_devices_leaves_softcuda(int status, int count, string text)
    {
        FakeHost host = new FakeHost { Answer = new DriverAnswer(status, 13000, count) }
            .OnPath(Driver, "libcublas.so.13", "libcusolver.so.12").With("/app", "libsoftcuda.so");
        LibraryChooser chooser = new(host);
        Assert.Equal(DeviceKind.Soft, chooser.Choose(null).Kind);
        Assert.Contains(new LibraryProbe("driver", Driver, ProbeOutcome.Wrong, text), chooser.Probes);
    }

    [Fact]
    public void A_library_that_is_no_driver_leaves_softcuda()
    {
        FakeHost host = new FakeHost { Answer = null }.OnPath(Driver).With("/app", "libsoftcuda.so");
        Assert.Equal(DeviceKind.Soft, new LibraryChooser(host).Choose(null).Kind);
    }

    [Fact]
    public void Soft_does_not_even_load_the_driver()
    {
        FakeHost host = new FakeHost().OnPath(Driver).With("/app", "libsoftcuda.so");
        Assert.Equal(DeviceKind.Soft, new LibraryChooser(host).Choose(DeviceKind.Soft).Kind);
        Assert.Equal([Soft], host.Loaded);
    }

    [Fact]
    public void Cuda_without_a_driver_names_every_probe_and_the_mend()
    {
        FakeHost host = new FakeHost().With("/app", "libsoftcuda.so");
        DeviceUnavailableException refused =
            Assert.Throws<DeviceUnavailableException>(() => new LibraryChooser(host).Choose(DeviceKind.Cuda));
        Assert.Contains("driver libcuda.so.1: missing (cannot open shared object file)", refused.Message);
        Assert.Contains("Mend: install NVIDIA's driver", refused.Message);
        Assert.Contains("CUDALANDSCAPE_DEVICE=soft", refused.Message);
        Assert.Single(refused.Probes);
    }

    [Fact]
    public void A_listed_driver_goes_first_and_mounted_ones_last()
    {
        FakeHost host = new FakeHost { Answer = null }.OnPath(Driver).With("/list", Driver)
            .With("/usr/local/nvidia/lib64", Driver).With("/usr/lib/wsl/lib", Driver).With("/app", "libsoftcuda.so");
        host.Variables["CUDALANDSCAPE_CUDA_LIBRARIES"] = "/list";
        Assert.Equal(DeviceKind.Soft, new LibraryChooser(host).Choose(null).Kind);
        Assert.Equal(
            ["/list/" + Driver, Driver, "/usr/lib/wsl/lib/" + Driver, "/usr/local/nvidia/lib64/" + Driver, Soft], host.Loaded);
    }

    [Fact]
    public void A_device_without_libraries_is_an_error_and_not_softcuda()
    {
        FakeHost host = new FakeHost().OnPath(Driver).With("/app", "libsoftcuda.so");
        DeviceUnavailableException refused =
            Assert.Throws<DeviceUnavailableException>(() => new LibraryChooser(host).Choose(null));
        Assert.StartsWith("An NVIDIA device answers (CUDA 13.0) without cuBLAS and cuSOLVER.", refused.Message);
        Assert.Contains("cublas libcublas.so.12: missing", refused.Message);
        Assert.Contains("CUDALANDSCAPE_CUDA_LIBRARIES", refused.Message);
    }

    [Fact]
    public void Nothing_at_all_names_both_mends()
    {
        DeviceUnavailableException refused =
            Assert.Throws<DeviceUnavailableException>(() => new LibraryChooser(new FakeHost()).Choose(null));
        Assert.Contains("softcuda /app/libsoftcuda.so: missing", refused.Message);
        Assert.Contains("build native/", refused.Message);
        Assert.Contains("install NVIDIA's driver", refused.Message);
    }

    [Fact]
    public void Softcuda_is_found_in_the_runtimes_folder()
    {
        FakeHost host = new FakeHost().With("/app/runtimes/linux-x64/native", "libsoftcuda.so");
        LibraryBinding bound = new LibraryChooser(host).Choose(DeviceKind.Soft);
        Assert.Equal("/app/runtimes/linux-x64/native/libsoftcuda.so", bound.Driver.Path);
    }

    [Fact]
    public void A_named_softcuda_is_the_only_one_tried()
    {
        FakeHost host = new FakeHost().With("/app", "libsoftcuda.so");
        host.Variables["CUDALANDSCAPE_SOFTCUDA"] = "/else/libsoftcuda.so";
        Assert.Throws<DeviceUnavailableException>(() => new LibraryChooser(host).Choose(DeviceKind.Soft));
        host.With("/else", "libsoftcuda.so");
        Assert.Equal("/else/libsoftcuda.so", new LibraryChooser(host).Choose(DeviceKind.Soft).Driver.Path);
    }

    [Fact]
    public void A_relative_softcuda_is_refused()
    {
        FakeHost host = new FakeHost().With(".", "libsoftcuda.so").OnPath("libsoftcuda.so");
        host.Variables["CUDALANDSCAPE_SOFTCUDA"] = "libsoftcuda.so";
        LibraryChooser chooser = new(host);
        Assert.Throws<DeviceUnavailableException>(() => chooser.Choose(DeviceKind.Soft));
        Assert.Equal(
            [new LibraryProbe("softcuda", "libsoftcuda.so", ProbeOutcome.Wrong, "it is not an absolute path")],
            chooser.Probes);
        Assert.Empty(host.Loaded);
    }
}
