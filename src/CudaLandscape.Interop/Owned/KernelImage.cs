using System.Security.Cryptography;

namespace CudaLandscape.Interop;

/// <summary>What is given to cuModuleLoadDataEx, and the file that stands for it in reports.</summary>
internal sealed record KernelImage(string Path, byte[] Bytes, string Sha256)
{
    internal const string PathVariable = "CUDALANDSCAPE_KERNELS";
    internal const string FileName = "kernels.fatbin";

    /// <summary>softcuda answers these bytes with the kernel set compiled into it.</summary>
    private static ReadOnlySpan<byte> SoftImage => "SOFTCUDA-KERNELS\0"u8;

    internal static KernelImage ForBoundLibraries()
    {
        LibraryBinding binding = NativeLibraryResolver.Bind(null);
        return binding.Kind == DeviceKind.Soft ? Soft(binding.Driver.Path) : Cuda();
    }

    private static KernelImage Soft(string library) =>
        new(library, SoftImage.ToArray(), Hash(File.ReadAllBytes(library)));

    /// <summary>The file's bytes end with a zero, which PTX needs and a fatbin does not mind.</summary>
    private static KernelImage Cuda()
    {
        string named = Environment.GetEnvironmentVariable(PathVariable) ?? string.Empty;
        string path = named.Length > 0 ? named : System.IO.Path.Combine(AppContext.BaseDirectory, FileName);
        if (!File.Exists(path))
        {
            throw new DeviceUnavailableException(
                $"The device kernels are missing: {path}. Build native/ with a CUDA compiler so that {FileName} "
                + $"lies beside the assembly, or name the file in {PathVariable}.");
        }

        byte[] bytes = File.ReadAllBytes(path);
        return new KernelImage(path, [.. bytes, 0], Hash(bytes));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
