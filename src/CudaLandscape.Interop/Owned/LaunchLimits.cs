namespace CudaLandscape.Interop;

/// <summary>What the driver does not say when it refuses a launch: which limit the launch exceeds.</summary>
/// <remarks>CUDA C++ Programming Guide, technical specifications per compute capability; the same from 3.0 to 12.1.</remarks>
internal static class LaunchLimits
{
    private const uint MaxGridX = int.MaxValue;
    private const uint MaxGridYZ = 65535;
    private const uint MaxBlockZ = 64;

    /// <summary>Such as "65536 blocks along y, at most 65535"; empty when no limit is exceeded.</summary>
    public static string Exceeded(LaunchShape shape, int maxThreads, int maxDynamicShared)
    {
        UInt128 threads = (UInt128)shape.BlockX * shape.BlockY * shape.BlockZ;
        if (shape is { GridX: 0 } or { GridY: 0 } or { GridZ: 0 }) return "a grid without blocks";
        if (shape is { BlockX: 0 } or { BlockY: 0 } or { BlockZ: 0 }) return "a block without threads";
        if (shape.GridX > MaxGridX) return $"{shape.GridX} blocks along x, at most {MaxGridX}";
        if (shape.GridY > MaxGridYZ) return $"{shape.GridY} blocks along y, at most {MaxGridYZ}";
        if (shape.GridZ > MaxGridYZ) return $"{shape.GridZ} blocks along z, at most {MaxGridYZ}";
        if (shape.BlockZ > MaxBlockZ) return $"{shape.BlockZ} threads along z, at most {MaxBlockZ}";
        if (threads > (uint)maxThreads) return $"{threads} threads in a block, at most {maxThreads} for this kernel";
        return shape.SharedBytes > maxDynamicShared
            ? $"{shape.SharedBytes} B of dynamic shared memory, at most {maxDynamicShared} unless AllowDynamicShared allows more"
            : string.Empty;
    }
}
