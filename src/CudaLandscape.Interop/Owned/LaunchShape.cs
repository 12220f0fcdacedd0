namespace CudaLandscape.Interop;

/// <summary>Grid, block and dynamic shared memory of one kernel launch.</summary>
/// <param name="GridX">Blocks along x.</param>
/// <param name="GridY">Blocks along y.</param>
/// <param name="GridZ">Blocks along z.</param>
/// <param name="BlockX">Threads of a block along x.</param>
/// <param name="BlockY">Threads of a block along y.</param>
/// <param name="BlockZ">Threads of a block along z.</param>
/// <param name="SharedBytes">Dynamic shared memory of a block, in bytes.</param>
public readonly record struct LaunchShape(
    uint GridX, uint GridY, uint GridZ, uint BlockX, uint BlockY, uint BlockZ, uint SharedBytes)
{
    /// <summary>Such as "grid 4x1x1, block 256x1x1, 0 B shared".</summary>
    public override string ToString() =>
        $"grid {GridX}x{GridY}x{GridZ}, block {BlockX}x{BlockY}x{BlockZ}, {SharedBytes} B shared";
}
