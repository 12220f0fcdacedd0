using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>
/// The application's side of NVTX 3, NVIDIA's protocol between a program and a profiler (nvtxTypes.h). NVTX has been a header
/// without a library since CUDA 12.9: a profiler such as Nsight Systems names its own library in the variable NVTX_INJECTION64_PATH;
/// the program loads it, calls InitializeInjectionNvtx2 with a function that hands out tables of empty slots, and the profiler
/// puts its functions into the slots it wants.
/// </summary>
internal sealed unsafe class NvtxInjection
{
    /// <summary>Names the profiler's library.</summary>
    internal const string Variable = "NVTX_INJECTION64_PATH";

    private const string EntryPoint = "InitializeInjectionNvtx2";
    private const uint CallbacksTable = 1, VersionTable = 3, NvtxVersion = 3;
    private const int CoreModule = 1, RangePushA = 9, RangePop = 11;

    // Functions of the modules core, cuda, opencl, cudart, core2 and sync, the unused first one included.
    private static readonly int[] s_sizes = [0, 16, 9, 16, 7, 16, 7];
    private static readonly nint*[] s_slots = new nint*[s_sizes.Length];
    private static readonly nint**[] s_tables = new nint**[s_sizes.Length];
    private static readonly Callbacks* s_callbacks = Allocate(new Callbacks((nuint)sizeof(Callbacks), &GetModuleFunctionTable));
    private static readonly Version* s_version = Allocate(new Version((nuint)sizeof(Version), NvtxVersion, 0, &SetInjectionVersion));

    private NvtxInjection(nint* core)
    {
        Push = (delegate* unmanaged[Cdecl]<byte*, int>)core[RangePushA];
        Pop = (delegate* unmanaged[Cdecl]<int>)core[RangePop];
    }

    /// <summary>Begins a range of the calling thread.</summary>
    internal delegate* unmanaged[Cdecl]<byte*, int> Push { get; }

    /// <summary>Ends the thread's last range.</summary>
    internal delegate* unmanaged[Cdecl]<int> Pop { get; }

    /// <summary>Attaches the profiler that the environment names; null where there is none, or with what went wrong.</summary>
    internal static (NvtxInjection? Injection, string Status) Attach(string? path)
    {
        if (string.IsNullOrEmpty(path)) return (null, $"off: {Variable} names no profiler");
        if (!NativeLibrary.TryLoad(path, out nint library)) return (null, $"off: {Variable}={path} cannot be loaded");
        if (!NativeLibrary.TryGetExport(library, EntryPoint, out nint initialize)) return (null, $"off: {path} exports no {EntryPoint}");
        if (((delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<uint, void*>, int>)initialize)(&GetExportTable) == 0)
            return (null, $"off: {EntryPoint} of {path} failed");
        nint* core = s_slots[CoreModule];
        return core is not null && core[RangePushA] != 0 && core[RangePop] != 0
            ? (new NvtxInjection(core), $"on: {path}")
            : (null, $"off: {path} asks for no ranges");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* GetExportTable(uint table) => table switch
    {
        CallbacksTable => s_callbacks,
        VersionTable => s_version,
        _ => null,
    };

    // A table of pointers to slots; the profiler writes its functions into the slots.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetModuleFunctionTable(int module, nint*** table, uint* size)
    {
        if (module < CoreModule || module >= s_sizes.Length) return 0;
        if (s_tables[module] is null) MakeTable(module);
        if (table is not null) *table = s_tables[module];
        if (size is not null) *size = (uint)s_sizes[module];
        return 1;
    }

    // The first pointer is null, as is the one after the last.
    private static void MakeTable(int module)
    {
        int size = s_sizes[module];
        nint* slots = s_slots[module] = (nint*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(nint));
        nint** table = s_tables[module] = (nint**)NativeMemory.AllocZeroed((nuint)size + 1, (nuint)sizeof(nint*));
        for (int i = 1; i < size; i++) table[i] = slots + i;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void SetInjectionVersion(uint version)
    {
    }

    // Never freed: the profiler keeps what it is given.
    private static T* Allocate<T>(T value)
        where T : unmanaged
    {
        T* memory = (T*)NativeMemory.Alloc((nuint)sizeof(T));
        *memory = value;
        return memory;
    }

    // NvtxExportTableCallbacks.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Callbacks(nuint bytes, delegate* unmanaged[Cdecl]<int, nint***, uint*, int> getModuleFunctionTable)
    {
        public readonly nuint Bytes = bytes;
        public readonly delegate* unmanaged[Cdecl]<int, nint***, uint*, int> GetModuleFunctionTable = getModuleFunctionTable;
    }

    // NvtxExportTableVersionInfo.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Version(nuint bytes, uint number, uint reserved, delegate* unmanaged[Cdecl]<uint, void> setInjectionVersion)
    {
        public readonly nuint Bytes = bytes;
        public readonly uint Number = number, Reserved = reserved;
        public readonly delegate* unmanaged[Cdecl]<uint, void> SetInjectionVersion = setInjectionVersion;
    }
}
