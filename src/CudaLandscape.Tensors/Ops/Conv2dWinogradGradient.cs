namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The weight gradient of a convolution by Winograd's transforms, native/include/conv2d/winograd.cuh: 16 products for a tile of 2x2
/// results, a channel and a filter in the place of 36.
/// </summary>
internal readonly struct Conv2dWinogradGradient(Conv2dSize size, long filters)
{
    // As in winograd.cuh: the padding of channels and filters, the tiles of a chunk, the channels and filters of a piece of work.
    private const long PanelRows = 6, FiltersPadding = 64, Entries = 16, TileChunk = 48, MostChannels = 22 * PanelRows, MostFilters = 2 * FiltersPadding;

    // Groups of tiles are made until there are so many pieces of work.
    private const long WantedPieces = 8;

    // Measured as those of Conv2dWinograd were: it takes 0.56 to 0.83 of the direct way's time from here on.
    private const long FewestChannels = 16, FewestFilters = 48, FewestTiles = 64;

    private long Channels => size.Images[1];

    private long Tiles => size.Images[0] * ((size.P + 1) / 2) * ((size.Q + 1) / 2);

    /// <summary>As <see cref="Conv2dWinograd.Pays"/>.</summary>
    public bool Pays(Device device, DType type) => size.IsWinograd && type == DType.Float32 && (device.Winograd ??
        (device.Context.RunsOneThreadPerBlock && Channels >= FewestChannels && filters >= FewestFilters && Tiles >= FewestTiles));

    /// <summary>
    /// Puts the gradient into dw. Its workspace, sums for each group of tiles, is that of one group (16/9 of dw, padded) or, where there
    /// are several, at most 17 MB.
    /// </summary>
    public void Run(Tensor dy, Tensor x, Tensor dw)
    {
        long channels = RoundUp(Channels, PanelRows), paddedFilters = RoundUp(filters, FiltersPadding);
        long tiles = GroupTiles(channels, paddedFilters), groups = (Tiles + tiles - 1) / tiles;
        using Tensor partial = Tensor.Empty(x.Device, [groups, Entries, channels, paddedFilters], x.DType, "partial sums");
        x.Device.Launch("conv2d_winograd_wgrad", x.DType, groups * Channels * filters, size, filters, tiles, dy, x, partial);
        x.Device.Launch("conv2d_winograd_sum", x.DType, Channels * filters, filters, Channels, groups, partial, dw);
    }

    // Whole chunks, and no more groups than there are too few pieces.
    private long GroupTiles(long channels, long paddedFilters)
    {
        long pieces = RoundUp(channels, MostChannels) / MostChannels * (RoundUp(paddedFilters, MostFilters) / MostFilters);
        long chunks = (Tiles + TileChunk - 1) / TileChunk, groups = Math.Clamp((WantedPieces + pieces - 1) / pieces, 1, chunks);
        return (chunks + groups - 1) / groups * TileChunk;
    }

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
