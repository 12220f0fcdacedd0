namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The tiles of Winograd's F(m x m, 3x3), native/include/conv2d/winograd_transforms.cuh: m x m results from (m + 2)² products per channel.
/// </summary>
/// <param name="Step">Results on a tile's side, m: 2 or 4.</param>
internal readonly record struct WinogradTile(long Step)
{
    /// <summary>Entries of a transformed tile.</summary>
    public long Entries => (Step + 2) * (Step + 2);

    /// <summary>Tiles that cover the planes of so many images.</summary>
    public long Count(long images, long height, long width) => images * ((height + Step - 1) / Step) * ((width + Step - 1) / Step);

    /// <summary>
    /// Of the tiles that are at least <paramref name="fewest"/>, so that they make up for what is done once per kernel, those with the
    /// fewest products; null where there are none. Tests choose by the device.
    /// </summary>
    public static WinogradTile? Choose(Device device, long images, long height, long width, long fewest)
    {
        if (device.WinogradStep is { } step) return step == 0 ? null : new WinogradTile(step);
        WinogradTile two = new(2), four = new(4);
        if (four.Count(images, height, width) >= fewest && four.Products(images, height, width) < two.Products(images, height, width)) return four;
        return two.Count(images, height, width) >= fewest ? two : null;
    }

    private long Products(long images, long height, long width) => Entries * Count(images, height, width);
}
