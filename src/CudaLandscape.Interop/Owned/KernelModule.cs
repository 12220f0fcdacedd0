using System.Collections.Concurrent;
using System.Text;

namespace CudaLandscape.Interop;

/// <summary>The engine's kernels, loaded into one context.</summary>
public sealed class KernelModule : DeviceObject
{
    private const int LogBytes = 16 * 1024;

    private readonly ConcurrentDictionary<string, Kernel> kernels = new(StringComparer.Ordinal);

    private KernelModule(DeviceContext context, KernelImage image)
        : base(context, context)
    {
        ImagePath = image.Path;
        ImageSha256 = image.Sha256;
    }

    /// <summary>The file the kernels come from: kernels.fatbin, or libsoftcuda.so with its built-in kernels.</summary>
    public string ImagePath { get; }

    /// <summary>SHA-256 of that file, in lower-case hexadecimal.</summary>
    public string ImageSha256 { get; }

    /// <summary>The kernels that were asked for so far.</summary>
    public IEnumerable<Kernel> Kernels => kernels.Values;

    /// <summary>Loads the kernels that belong to this build.</summary>
    /// <exception cref="CudaException">The driver refused the image; the text carries its JIT log.</exception>
    public static KernelModule LoadBuiltIn(DeviceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        KernelImage image = KernelImage.ForBoundLibraries();
        KernelModule module = new(context, image);
        (nint native, CudaException? failure) = Load(image);
        module.Adopt(native, failure);
        return module;
    }

    /// <summary>The kernel of this name.</summary>
    /// <exception cref="CudaException">The module has no such kernel.</exception>
    public Kernel GetKernel(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return kernels.TryGetValue(name, out Kernel? known) ? known : kernels.GetOrAdd(name, Find(name));
    }

    private protected override CudaException? Destroy() =>
        CudaDriverNative.cuModuleUnload(handle).ReleaseFailure();

    private unsafe Kernel Find(string name)
    {
        using Lease held = Enter();
        nint function = 0;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            CudaResult result = CudaDriverNative.cuModuleGetFunction(&function, held.Value, text);
            result.ThrowIfFailed($"cuModuleGetFunction(&function, {ImagePath}, \"{name}\")");
        }

        return new Kernel(this, name, function);
    }

    private static unsafe (nint Native, CudaException? Failure) Load(KernelImage image)
    {
        byte[] log = new byte[LogBytes];
        nint native = 0;
        JitOption* options = stackalloc JitOption[]
        {
            JitOption.CU_JIT_ERROR_LOG_BUFFER, JitOption.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
        };
        fixed (byte* bytes = image.Bytes, text = log)
        {
            void** values = stackalloc void*[] { text, (void*)(nuint)LogBytes };
            CudaResult result = CudaDriverNative.cuModuleLoadDataEx(&native, bytes, 2, options, values);
            return (native, result.Failure($"cuModuleLoadDataEx(&module, {image.Path}){LogText(log)}"));
        }
    }

    private static string LogText(byte[] log)
    {
        int length = Array.IndexOf(log, (byte)0);
        string text = Encoding.UTF8.GetString(log, 0, length < 0 ? log.Length : length).Trim();
        return text.Length == 0 ? string.Empty : $" [JIT log: {text}]";
    }
}
