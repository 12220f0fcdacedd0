namespace CudaLandscape.Interop.Tests;

public sealed class LibrarySetTests
{
    private const string Driver = "libcuda.so.1";
    private static readonly string[] Cuda12 = ["libcublas.so.12", "libcusolver.so.11"];
    private static readonly string[] Cuda13 = ["libcublas.so.13", "libcusolver.so.12"];

    [Fact]
    public void The_names_of_a_set_belong_together()
    {
        Assert.Equal(("libcublas.so.13", "libcusolver.so.12"), Names(LibrarySet.Of(13, windows: false)));
        Assert.Equal(("libcublas.so.12", "libcusolver.so.11"), Names(LibrarySet.Of(12, windows: false)));
        Assert.Equal(("cublas64_13.dll", "cusolver64_12.dll"), Names(LibrarySet.Of(13, windows: true)));
        Assert.Equal(("cublas64_12.dll", "cusolver64_11.dll"), Names(LibrarySet.Of(12, windows: true)));
        Assert.Equal("nvcuda.dll", LibrarySet.DriverName(windows: true));
    }

    [Theory]
    [InlineData(13000, 13)]
    [InlineData(13010, 13)]
    [InlineData(12080, 12)]
    public void The_newest_set_the_driver_runs_is_preferred(int driver, int major)
    {
        FakeHost host = new FakeHost { Answer = new DriverAnswer(0, driver, 1) }.OnPath([Driver, .. Cuda12, .. Cuda13]);
        Assert.Equal(major, new LibraryChooser(host).Choose(DeviceKind.Cuda).CudaMajor);
    }

    [Fact]
    public void A_new_driver_runs_the_older_set_when_it_is_the_only_one()
    {
        FakeHost host = new FakeHost().OnPath([Driver, .. Cuda12]);
        Assert.Equal(12, new LibraryChooser(host).Choose(DeviceKind.Cuda).CudaMajor);
    }

    [Fact]
    public void An_old_driver_does_not_get_the_newer_set()
    {
        FakeHost host = new FakeHost { Answer = new DriverAnswer(0, 12040, 1) }.OnPath([Driver, .. Cuda13]);
        DeviceUnavailableException refused =
            Assert.Throws<DeviceUnavailableException>(() => new LibraryChooser(host).Choose(DeviceKind.Cuda));
        Assert.Contains("CUDA 13 libraries need a driver for CUDA 13", refused.Message);
        Assert.DoesNotContain("libcublas.so.13", host.Loaded);
    }

    [Theory]
    [InlineData("libcublas.so.13", "libcusolver.so.11")]
    [InlineData("libcublas.so.12", "libcusolver.so.12")]
    public void Sets_are_never_mixed(string cublas, string cusolver)
    {
        FakeHost host = new FakeHost().OnPath(Driver).With("/usr/local/cuda/lib64", cublas, cusolver);
        Assert.Throws<DeviceUnavailableException>(() => new LibraryChooser(host).Choose(DeviceKind.Cuda));
    }

    [Fact]
    public void A_set_is_not_put_together_from_two_places()
    {
        FakeHost host = new FakeHost().OnPath(Driver)
            .With("/usr/local/cuda-13.0/lib64", "libcublas.so.13")
            .With("/usr/local/cuda-13.1/lib64", "libcusolver.so.12");
        Assert.Throws<DeviceUnavailableException>(() => new LibraryChooser(host).Choose(DeviceKind.Cuda));
        Assert.Equal([Driver], host.Loaded);
    }

    [Fact]
    public void A_cusolver_that_does_not_load_gives_its_cublas_back()
    {
        FakeHost host = new FakeHost().OnPath(Driver, "libcublas.so.13").OnPath(Cuda12);
        LibraryBinding bound = new LibraryChooser(host).Choose(DeviceKind.Cuda);
        Assert.Equal(12, bound.CudaMajor);
        Assert.Equal("libcublas.so.13", host.Loaded[(int)Assert.Single(host.Freed) - 1]);
    }

    [Fact]
    public void What_a_library_needs_is_loaded_before_it_from_the_same_place()
    {
        const string folder = "/opt/cuda";
        FakeHost host = new FakeHost().OnPath(Driver).With(
            folder, [.. Cuda13, "libcublasLt.so.13", "libnvJitLink.so.13", "libcusparse.so.12"]);
        host.Variables["CUDALANDSCAPE_CUDA_LIBRARIES"] = folder;
        Assert.Equal(13, new LibraryChooser(host).Choose(DeviceKind.Cuda).CudaMajor);
        string[] order =
            ["libcublasLt.so.13", "libcublas.so.13", "libnvJitLink.so.13", "libcusparse.so.12", "libcusolver.so.12"];
        Assert.Equal([Driver, .. order.Select(name => $"{folder}/{name}")], host.Loaded);
    }

    private static (string, string) Names(LibrarySet set) => (set.Cublas, set.Cusolver);
}
