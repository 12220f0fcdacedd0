namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Forward pass or input gradient of a convolution by Winograd's transforms, native/include/conv2d/winograd.cuh: at a stride of 1 4 or 2.25
/// products for a result and channel in the place of 9, at a stride of 2 6.25 or 5.06. Its float32 results are within 2e-6 of the direct ones, relative to the largest.
/// </summary>
/// <param name="size">Sizes of the convolution.</param>
/// <param name="filters">Number of filters K.</param>
/// <param name="ofGradient">True for the input gradient, whose results have the images' channels.</param>
internal readonly struct Conv2dWinograd(Conv2dSize size, long filters, bool ofGradient)
{
    // As in winograd.cuh: rows of a panel of transformed kernels, numbers between their entries.
    private const long PanelRows = 8, EntryPadding = 80;

    // Measured with one core on 23 shapes of 1 to 64 images, 8 to 256 channels and sides of 2 to 28 with tiles of 2x2 (see
    // benchmarks/results/2026-11-22_cpu_conv.md): from here on it takes 0.52 to 0.81 of the direct way's time, below up to twice.
    private const long FewestChannels = 16, FewestTiles = 48, FewestRowsOfResults = 32768;

    private long Rows => ofGradient ? size.Images[1] : filters;

    private long Channels => ofGradient ? filters : size.Images[1];

    /// <summary>
    /// The tiles by which the pass goes, null for the direct way: they are for devices whose threads own whole vectors of tiles (softcuda's
    /// fast device), float32 kernels of 3x3 with a stride of 1 or 2, and enough of channels, rows and tiles to make up for the transforms. Tests
    /// decide it by the device.
    /// </summary>
    public WinogradTile? Choose(Device device, DType type)
    {
        if (!size.IsWinograd || type != DType.Float32) return null;
        (long images, long height, long width) = size.WinogradResults(ofGradient);
        bool pays = device.Context.RunsOneThreadPerBlock && Channels >= FewestChannels && Rows >= FewestChannels
            && new WinogradTile(2, size.Stride).Count(images, height, width) * 4 * Rows >= FewestRowsOfResults;
        return pays || device.WinogradStep != null ? WinogradTile.Choose(device, size, ofGradient, FewestTiles) : null;
    }

    /// <summary>The kernels [K,C,3,3] transformed, 16/9 or 4 times their size but for paddings.</summary>
    public Tensor TransformKernels(WinogradTile tile, Tensor w)
    {
        long panels = (Rows + PanelRows - 1) / PanelRows;
        Tensor u = Tensor.Empty(w.Device, [tile.KernelEntries, panels * Channels * PanelRows + EntryPadding], w.DType, "transformed kernels");
        w.Device.Launch("conv2d_winograd_weights", w.DType, u.ElementCount, size, filters, tile.Step, ofGradient ? 1 : 0, w, u);
        return u;
    }

    /// <summary>Results from the source and <see cref="TransformKernels"/>.</summary>
    public void Correlate(WinogradTile tile, Tensor source, Tensor u, Tensor result) => result.Device.Launch(
        ofGradient ? "conv2d_winograd_dgrad" : "conv2d_winograd_fprop", result.DType, WorkItems(tile), size, filters, tile.Step, source, u, result);

    /// <summary>Outputs σ(results + b) of the forward pass.</summary>
    public void CorrelateAndActivate(WinogradTile tile, Tensor x, Tensor u, Tensor b, ActivationFunction activation, Tensor y) =>
        y.Device.Launch(
            "conv2d_winograd_fprop_bias_activation", y.DType, WorkItems(tile), size, filters, tile.Step, (long)activation.Kind,
            activation.Alpha, x, u, b, y);

    private long WorkItems(WinogradTile tile)
    {
        (long images, long height, long width) = size.WinogradResults(ofGradient);
        return Rows * tile.Count(images, height, width) * tile.KernelEntries;
    }
}
