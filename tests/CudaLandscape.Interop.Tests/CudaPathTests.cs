using System.Runtime.InteropServices;

namespace CudaLandscape.Interop.Tests;

/// <summary>The way to an NVIDIA device with softcuda under NVIDIA's file names, in a process of its own.</summary>
public sealed class CudaPathTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("interop-cuda");

    public void Dispose() => folder.Delete(recursive: true);

    [SkippableFact]
    public void A_listed_set_is_bound_and_its_kernels_are_loaded_from_the_named_file()
    {
        Pretend("libcuda.so.1", "libcublas.so.13", "libcusolver.so.12");
        string kernels = Path.Combine(folder.FullName, "my.fatbin");
        File.WriteAllText(kernels, "SOFTCUDA-KERNELS");
        Assert.Equal("opened cuda:0, kernels of my.fatbin\n", Open("cuda", kernels, "cuda:0"));
        Assert.StartsWith("opened cuda:0", Open(null, kernels, "default"));
    }

    [SkippableFact]
    public void Kernels_that_are_missing_are_named_with_the_mend()
    {
        Pretend("libcuda.so.1", "libcublas.so.13", "libcusolver.so.12");
        string printed = Open("cuda", "/nowhere/my.fatbin", "cuda:0");
        Assert.StartsWith("DeviceUnavailableException: The device kernels are missing: /nowhere/my.fatbin.", printed);
        Assert.Contains("CUDALANDSCAPE_KERNELS", printed);
    }

    [SkippableFact]
    public void Kernels_the_driver_refuses_are_named()
    {
        Pretend("libcuda.so.1", "libcublas.so.13", "libcusolver.so.12");
        string kernels = Path.Combine(folder.FullName, "my.fatbin");
        File.WriteAllText(kernels, "something else");
        string printed = Open("cuda", kernels, "cuda:0");
        Assert.StartsWith($"CudaException: CUDA driver: cuModuleLoadDataEx(&module, {kernels}) answered 200", printed);
    }

    [SkippableFact]
    public void A_mixed_set_is_refused()
    {
        Skip.If(HasToolkit(), "the CUDA libraries of this machine would be taken instead");
        Pretend("libcuda.so.1", "libcublas.so.13", "libcusolver.so.11");
        string printed = Open("cuda", "", "cuda:0");
        Assert.StartsWith("DeviceUnavailableException: An NVIDIA device answers (CUDA 13.0) without", printed);
        Assert.Contains($"cusolver {folder.FullName}/libcusolver.so.12: missing", printed);
    }

    [SkippableFact]
    public void A_soft_device_is_refused_beside_the_driver()
    {
        Pretend("libcuda.so.1", "libcublas.so.12", "libcusolver.so.11");
        string printed = Open("cuda", "", "soft:0");
        Assert.Contains("soft:0 cannot be opened: this process has bound NVIDIA's driver", printed);
        Assert.Contains("CUDALANDSCAPE_DEVICE=soft:0", printed);
    }

    [SkippableFact]
    public void Beside_NVIDIAs_driver_the_context_stays_when_nobody_holds_it()
    {
        Pretend("libcuda.so.1", "libcublas.so.13", "libcusolver.so.12");
        Assert.Equal("CUDA_SUCCESS\n", Open("cuda", "", "close", "cuda:0"));
        Assert.Equal("CUDA_ERROR_INVALID_CONTEXT\n", ChildProcess.Open("soft", "close", "soft:0"));
    }

    private static bool HasToolkit() => NativeLibrary.TryLoad("libcusolver.so.12", out _)
        || NativeLibrary.TryLoad("libcusolver.so.11", out _) || new SystemLibraryHost().Folders("/usr/local", "cuda*").Count > 0;

    private void Pretend(params string[] names)
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        string soft = Devices.RequireSoftcudaFile();
        foreach (string name in names)
        {
            File.CreateSymbolicLink(Path.Combine(folder.FullName, name), soft);
        }
    }

    private string Open(string? device, string kernels, params string[] devices) => ChildProcess.OpenWith(
        new Dictionary<string, string?>
        {
            [DeviceId.Variable] = device,
            ["CUDALANDSCAPE_CUDA_LIBRARIES"] = folder.FullName,
            ["CUDALANDSCAPE_KERNELS"] = kernels,
            ["CUDA_PATH"] = null,
            ["CUDA_HOME"] = null,
            ["CUDALANDSCAPE_PYTHON"] = "/nowhere/bin/python3",
        },
        devices);
}
