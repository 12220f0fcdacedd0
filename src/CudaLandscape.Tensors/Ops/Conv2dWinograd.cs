namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Forward pass or input gradient of a convolution by Winograd's F(2x2, 3x3), native/include/conv2d/winograd.cuh: 4 products for a
/// result and channel in the place of 9. Its float32 results are within 1e-6 of the direct ones, relative to the largest.
/// </summary>
/// <param name="size">Sizes of the convolution.</param>
/// <param name="filters">Number of filters K.</param>
/// <param name="ofGradient">True for the input gradient, whose results have the images' channels.</param>
internal readonly struct Conv2dWinograd(Conv2dSize size, long filters, bool ofGradient)
{
    // As in winograd.cuh: rows of a panel of transformed kernels, entries of a transformed tile.
    private const long PanelRows = 6, Entries = 16;

    // Measured with one core on 23 shapes of 1 to 64 images, 8 to 256 channels and sides of 2 to 28 (see
    // benchmarks/results/2026-11-22_cpu_conv.md): from here on it takes 0.52 to 0.81 of the direct way's time, below up to twice.
    private const long FewestChannels = 16, FewestTiles = 48, FewestTilesOfRows = 8192;

    private long Rows => ofGradient ? size.Images[1] : filters;

    private long Channels => ofGradient ? filters : size.Images[1];

    private long Tiles => size.Images[0] * (ofGradient ? Halves(size.Images[2], size.Images[3]) : Halves(size.P, size.Q));

    /// <summary>
    /// Whether the pass goes this way: where a thread owns whole vectors of tiles (softcuda's fast device), float32 kernels of 3x3 with
    /// a stride of 1, and enough of channels, rows and tiles to make up for the transforms. Tests decide it by the device.
    /// </summary>
    public bool Pays(Device device, DType type) => size.IsWinograd && type == DType.Float32 && (device.Winograd ??
        (device.Context.RunsOneThreadPerBlock && Channels >= FewestChannels && Rows >= FewestChannels && Tiles >= FewestTiles
            && Tiles * Rows >= FewestTilesOfRows));

    /// <summary>The kernels [K,C,3,3] transformed, 16/9 of their size but for the padding of rows.</summary>
    public Tensor TransformKernels(Tensor w)
    {
        long panels = (Rows + PanelRows - 1) / PanelRows;
        Tensor u = Tensor.Empty(w.Device, [Entries, panels, Channels, PanelRows], w.DType, "transformed kernels");
        w.Device.Launch("conv2d_winograd_weights", w.DType, panels * Channels, size, filters, ofGradient ? 1 : 0, w, u);
        return u;
    }

    /// <summary>Results from the source and <see cref="TransformKernels"/>.</summary>
    public void Correlate(Tensor source, Tensor u, Tensor result) => result.Device.Launch(
        ofGradient ? "conv2d_winograd_dgrad" : "conv2d_winograd_fprop", result.DType, Rows * Tiles, size, filters, source, u, result);

    /// <summary>Outputs σ(results + b) of the forward pass.</summary>
    public void CorrelateAndActivate(Tensor x, Tensor u, Tensor b, ActivationFunction activation, Tensor y) => y.Device.Launch(
        "conv2d_winograd_fprop_bias_activation", y.DType, Rows * Tiles, size, filters, (long)activation.Kind, activation.Alpha, x, u, b, y);

    private static long Halves(long h, long w) => (h + 1) / 2 * ((w + 1) / 2);
}
