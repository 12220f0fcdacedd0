namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The tiles of Winograd's F(m x m, 3x3), native/include/conv2d/winograd_transforms.cuh and winograd_strided.cuh: m x m results from (m + 2)²
/// products per channel, (2m + 1)² at a stride of 2.
/// </summary>
/// <param name="Step">Results on a tile's side, m: 2 or 4.</param>
/// <param name="Stride">The convolution's stride, 1 or 2.</param>
internal readonly record struct WinogradTile(long Step, long Stride)
{
    /// <summary>Entries of a transformed kernel.</summary>
    public long KernelEntries => (Step + 2) * (Step + 2);

    /// <summary>Products of a tile, a channel and a filter.</summary>
    private long Products => Stride == 1 ? (Step + 2) * (Step + 2) : (2 * Step + 1) * (2 * Step + 1);

    /// <summary>Tiles that cover the planes of so many images.</summary>
    public long Count(long images, long height, long width) => images * ((height + Step - 1) / Step) * ((width + Step - 1) / Step);

    /// <summary>
    /// Of the tiles that are at least <paramref name="fewest"/>, so that they make up for what is done once per kernel, those with the
    /// fewest products, fewer than the direct way has; null where there are none. Tests choose by the device.
    /// </summary>
    public static WinogradTile? Choose(Device device, Conv2dSize size, bool ofGradient, long fewest)
    {
        if (device.WinogradStep is { } step) return step == 0 ? null : new WinogradTile(step, size.Stride);
        (long images, long height, long width) = size.WinogradResults(ofGradient);
        (WinogradTile? best, long products) = (null, 9 * images * height * width);
        foreach (long side in new[] { 2, 4 })
        {
            WinogradTile tile = new(side, size.Stride);
            long tiles = tile.Count(images, height, width);
            if (tiles >= fewest && tiles * tile.Products < products) (best, products) = (tile, tiles * tile.Products);
        }

        return best;
    }
}
