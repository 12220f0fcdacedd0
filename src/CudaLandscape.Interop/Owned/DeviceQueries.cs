using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>What is asked of the driver about devices, without a context.</summary>
internal static unsafe class DeviceQueries
{
    private const int NameLength = 256;

    /// <summary>The driver's number of a device; the libraries are bound already.</summary>
    internal static int Find(DeviceId id)
    {
        CudaDriverNative.cuInit(0).ThrowIfFailed();
        int count = 0;
        CudaDriverNative.cuDeviceGetCount(&count).ThrowIfFailed();
        if (id.Ordinal < 0 || id.Ordinal >= count)
        {
            string kind = id.Kind.ToString().ToLowerInvariant();
            throw new DeviceUnavailableException(
                $"There is no device {id}: the driver offers {count} ({kind}:0 to {kind}:{count - 1}).");
        }

        int device = 0;
        CudaDriverNative.cuDeviceGet(&device, id.Ordinal).ThrowIfFailed();
        return device;
    }

    internal static string Name(int device)
    {
        byte* name = stackalloc byte[NameLength];
        CudaDriverNative.cuDeviceGetName(name, NameLength, device).ThrowIfFailed();
        return Marshal.PtrToStringUTF8((nint)name) ?? string.Empty;
    }

    internal static int Attribute(int device, DeviceAttribute attribute)
    {
        int value = 0;
        CudaResult result = CudaDriverNative.cuDeviceGetAttribute(&value, attribute, device);
        result.ThrowIfFailed($"cuDeviceGetAttribute(&value, {attribute}, {device})");
        return value;
    }

    internal static int DriverVersion()
    {
        int version = 0;
        CudaDriverNative.cuDriverGetVersion(&version).ThrowIfFailed();
        return version;
    }
}
