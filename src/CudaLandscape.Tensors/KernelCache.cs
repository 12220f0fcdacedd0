using System.Collections.Concurrent;
using CudaLandscape.Interop;

namespace CudaLandscape.Tensors;

/// <summary>
/// The kernels of a device that have been used so far, by what follows a common beginning of their names and by element type:
/// an op finds its kernel by the name it has anyway, and no text is put together.
/// </summary>
internal sealed class KernelCache(KernelModule module, string beginning)
{
    private static readonly int s_types = Enum.GetValues<DType>().Length;
    private readonly ConcurrentDictionary<string, Kernel?[]> _kernels = [];

    /// <summary>The kernel <c>beginning + name + suffix of the type</c>.</summary>
    /// <exception cref="CudaException">The kernel set has no such kernel.</exception>
    public Kernel Get(string name, DType type)
    {
        if (!_kernels.TryGetValue(name, out Kernel?[]? ofTypes)) ofTypes = _kernels.GetOrAdd(name, _ => new Kernel?[s_types]);
        return ofTypes[(int)type] ??= module.GetKernel($"{beginning}{name}_{type.Suffix()}");
    }
}
