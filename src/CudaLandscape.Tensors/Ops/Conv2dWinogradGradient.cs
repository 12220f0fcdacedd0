namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The weight gradient of a convolution by Winograd's transforms, native/include/conv2d/winograd.cuh: 16 products for a tile of 2x2
/// results, a channel and a filter in the place of 36, or 36 for a tile of 4x4 in the place of 144; 25 and 81 at a stride of 2.
/// </summary>
internal readonly struct Conv2dWinogradGradient(Conv2dSize size, long filters)
{
    // As in winograd.cuh: the padding of channels, filters and entries, the tiles of a chunk, the channels and filters of a piece of work.
    private const long PanelRows = 8, FiltersPadding = 32, EntryPadding = 80, TileChunk = 64, MostChannels = 64, MostFilters = 128;

    // Groups of tiles are made until there are so many pieces of work.
    private const long WantedPieces = 8;

    // Measured as those of Conv2dWinograd were: it takes 0.56 to 0.83 of the direct way's time from here on.
    private const long FewestChannels = 16, FewestFilters = 48, FewestTiles = 64;

    private long Channels => size.Images[1];

    /// <summary>As <see cref="Conv2dWinograd.Choose"/>.</summary>
    public WinogradTile? Choose(Device device, DType type)
    {
        if (!size.IsWinograd || type != DType.Float32) return null;
        bool pays = device.Context.RunsOneThreadPerBlock && Channels >= FewestChannels && filters >= FewestFilters;
        return pays || device.WinogradStep != null ? WinogradTile.Choose(device, size, ofGradient: false, FewestTiles) : null;
    }

    /// <summary>
    /// Puts the gradient into dw. Its workspace, sums for each group of tiles, is that of one group (16/9 or 4 times dw, padded) or, where
    /// there are several, at most 10 MB.
    /// </summary>
    public void Run(WinogradTile tile, Tensor dy, Tensor x, Tensor dw)
    {
        long channels = RoundUp(Channels, PanelRows), paddedFilters = RoundUp(filters, FiltersPadding);
        long all = tile.Count(size.Images[0], size.P, size.Q), tiles = GroupTiles(all, channels, paddedFilters), groups = (all + tiles - 1) / tiles;
        using Tensor partial = Tensor.Empty(
            x.Device, [groups, tile.KernelEntries, channels * paddedFilters + EntryPadding], x.DType, "partial sums");
        x.Device.Launch("conv2d_winograd_wgrad", x.DType, partial.ElementCount, size, filters, tile.Step, tiles, dy, x, partial);
        x.Device.Launch("conv2d_winograd_sum", x.DType, partial.ElementCount, filters, Channels, tile.Step, tile.Stride, groups, partial, dw);
    }

    // Whole chunks, and no more groups than there are too few pieces.
    private static long GroupTiles(long all, long channels, long paddedFilters)
    {
        long pieces = RoundUp(channels, MostChannels) / MostChannels * (RoundUp(paddedFilters, MostFilters) / MostFilters);
        long chunks = (all + TileChunk - 1) / TileChunk, groups = Math.Clamp((WantedPieces + pieces - 1) / pieces, 1, chunks);
        return (chunks + groups - 1) / groups * TileChunk;
    }

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
