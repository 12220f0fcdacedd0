using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>The CUDA driver API as cuda.h declares it; the resolver binds libcuda or softcuda.</summary>
internal static unsafe partial class CudaDriverNative
{
    private const string Library = "cuda";

    static CudaDriverNative() => NativeLibraryResolver.Install();

    [LibraryImport(Library, EntryPoint = "cuInit")]
    internal static partial CudaResult cuInit(uint flags);

    [LibraryImport(Library, EntryPoint = "cuDriverGetVersion")]
    internal static partial CudaResult cuDriverGetVersion(int* driverVersion);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetCount")]
    internal static partial CudaResult cuDeviceGetCount(int* count);

    [LibraryImport(Library, EntryPoint = "cuDeviceGet")]
    internal static partial CudaResult cuDeviceGet(int* device, int ordinal);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetName")]
    internal static partial CudaResult cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    internal static partial CudaResult cuDeviceGetAttribute(int* value, DeviceAttribute attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    internal static partial CudaResult cuDeviceTotalMem_v2(nuint* bytes, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceGetUuid_v2")]
    internal static partial CudaResult cuDeviceGetUuid_v2(byte* uuid, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRetain")]
    internal static partial CudaResult cuDevicePrimaryCtxRetain(nint* context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    internal static partial CudaResult cuDevicePrimaryCtxRelease_v2(int device);

    [LibraryImport(Library, EntryPoint = "cuCtxSetCurrent")]
    internal static partial CudaResult cuCtxSetCurrent(nint context);

    [LibraryImport(Library, EntryPoint = "cuCtxGetCurrent")]
    internal static partial CudaResult cuCtxGetCurrent(nint* context);

    [LibraryImport(Library, EntryPoint = "cuCtxSynchronize")]
    internal static partial CudaResult cuCtxSynchronize();

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    internal static partial CudaResult cuMemGetInfo_v2(nuint* free, nuint* total);

    [LibraryImport(Library, EntryPoint = "cuMemAlloc_v2")]
    internal static partial CudaResult cuMemAlloc_v2(ulong* address, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFree_v2")]
    internal static partial CudaResult cuMemFree_v2(ulong address);

    [LibraryImport(Library, EntryPoint = "cuMemcpyHtoD_v2")]
    internal static partial CudaResult cuMemcpyHtoD_v2(ulong destination, void* source, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoH_v2")]
    internal static partial CudaResult cuMemcpyDtoH_v2(void* destination, ulong source, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoD_v2")]
    internal static partial CudaResult cuMemcpyDtoD_v2(ulong destination, ulong source, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    internal static partial CudaResult cuMemcpyHtoDAsync_v2(ulong destination, void* source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    internal static partial CudaResult cuMemcpyDtoHAsync_v2(void* destination, ulong source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoDAsync_v2")]
    internal static partial CudaResult cuMemcpyDtoDAsync_v2(ulong destination, ulong source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemsetD8Async")]
    internal static partial CudaResult cuMemsetD8Async(ulong destination, byte value, nuint count, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemsetD32Async")]
    internal static partial CudaResult cuMemsetD32Async(ulong destination, uint value, nuint count, nint stream);

    [LibraryImport(Library, EntryPoint = "cuStreamCreate")]
    internal static partial CudaResult cuStreamCreate(nint* stream, uint flags);

    [LibraryImport(Library, EntryPoint = "cuStreamDestroy_v2")]
    internal static partial CudaResult cuStreamDestroy_v2(nint stream);

    [LibraryImport(Library, EntryPoint = "cuStreamSynchronize")]
    internal static partial CudaResult cuStreamSynchronize(nint stream);

    [LibraryImport(Library, EntryPoint = "cuStreamWaitEvent")]
    internal static partial CudaResult cuStreamWaitEvent(nint stream, nint deviceEvent, uint flags);

    [LibraryImport(Library, EntryPoint = "cuStreamBeginCapture_v2")]
    internal static partial CudaResult cuStreamBeginCapture_v2(nint stream, CaptureMode mode);

    [LibraryImport(Library, EntryPoint = "cuStreamEndCapture")]
    internal static partial CudaResult cuStreamEndCapture(nint stream, nint* graph);

    [LibraryImport(Library, EntryPoint = "cuStreamIsCapturing")]
    internal static partial CudaResult cuStreamIsCapturing(nint stream, CaptureStatus* status);

    [LibraryImport(Library, EntryPoint = "cuGraphInstantiateWithFlags")]
    internal static partial CudaResult cuGraphInstantiateWithFlags(nint* executable, nint graph, ulong flags);

    [LibraryImport(Library, EntryPoint = "cuGraphLaunch")]
    internal static partial CudaResult cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Library, EntryPoint = "cuGraphExecDestroy")]
    internal static partial CudaResult cuGraphExecDestroy(nint executable);

    [LibraryImport(Library, EntryPoint = "cuGraphDestroy")]
    internal static partial CudaResult cuGraphDestroy(nint graph);

    [LibraryImport(Library, EntryPoint = "cuEventCreate")]
    internal static partial CudaResult cuEventCreate(nint* deviceEvent, uint flags);

    [LibraryImport(Library, EntryPoint = "cuEventDestroy_v2")]
    internal static partial CudaResult cuEventDestroy_v2(nint deviceEvent);

    [LibraryImport(Library, EntryPoint = "cuEventRecord")]
    internal static partial CudaResult cuEventRecord(nint deviceEvent, nint stream);

    [LibraryImport(Library, EntryPoint = "cuEventSynchronize")]
    internal static partial CudaResult cuEventSynchronize(nint deviceEvent);

    [LibraryImport(Library, EntryPoint = "cuEventQuery")]
    internal static partial CudaResult cuEventQuery(nint deviceEvent);

    [LibraryImport(Library, EntryPoint = "cuEventElapsedTime")]
    internal static partial CudaResult cuEventElapsedTime(float* milliseconds, nint start, nint end);

    [LibraryImport(Library, EntryPoint = "cuModuleLoadDataEx")]
    internal static partial CudaResult cuModuleLoadDataEx(
        nint* module, void* image, uint optionCount, JitOption* options, void** optionValues);

    [LibraryImport(Library, EntryPoint = "cuModuleUnload")]
    internal static partial CudaResult cuModuleUnload(nint module);

    [LibraryImport(Library, EntryPoint = "cuModuleGetFunction")]
    internal static partial CudaResult cuModuleGetFunction(nint* function, nint module, byte* name);

    [LibraryImport(Library, EntryPoint = "cuFuncGetAttribute")]
    internal static partial CudaResult cuFuncGetAttribute(int* value, FunctionAttribute attribute, nint function);

    [LibraryImport(Library, EntryPoint = "cuFuncSetAttribute")]
    internal static partial CudaResult cuFuncSetAttribute(nint function, FunctionAttribute attribute, int value);

    [LibraryImport(Library, EntryPoint = "cuOccupancyMaxActiveBlocksPerMultiprocessor")]
    internal static partial CudaResult cuOccupancyMaxActiveBlocksPerMultiprocessor(
        int* blocks, nint function, int blockSize, nuint dynamicSharedBytes);

    [LibraryImport(Library, EntryPoint = "cuLaunchKernel")]
    internal static partial CudaResult cuLaunchKernel(
        nint function,
        uint gridX, uint gridY, uint gridZ,
        uint blockX, uint blockY, uint blockZ,
        uint sharedBytes, nint stream, void** kernelParameters, void** extra);

    [LibraryImport(Library, EntryPoint = "cuLaunchKernelEx")]
    internal static partial CudaResult cuLaunchKernelEx(
        LaunchConfig* config, nint function, void** kernelParameters, void** extra);

    [LibraryImport(Library, EntryPoint = "cuGetErrorName")]
    internal static partial CudaResult cuGetErrorName(CudaResult error, byte** text);

    [LibraryImport(Library, EntryPoint = "cuGetErrorString")]
    internal static partial CudaResult cuGetErrorString(CudaResult error, byte** text);
}
