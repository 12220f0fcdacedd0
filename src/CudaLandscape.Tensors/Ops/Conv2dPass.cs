namespace CudaLandscape.Tensors.Ops;

/// <summary>Checks the shapes of a pass of a convolution and runs it: what its three ops share.</summary>
internal readonly struct Conv2dPass
{
    // As in native/include/conv2d: a block's threads and tile of results, the positions of a chunk, the padding of filters. Only
    // the chunk and the groups made of it have a say in the order of addition.
    private const int Threads = 256, Tile = 64, Chunk = 256, FilterPadding = 32;

    // Partial sums of a weight gradient: enough of these tiles for several processors to share.
    private const long TileDepth = 288, WantedTiles = 16;

    private readonly string _op;
    private readonly Shape _images, _kernels;
    private readonly Conv2dSize _size;

    /// <summary>A pass over images [N,C,H,W] and kernels [K,C,R,S], of which a and b are two of the three operands.</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public Conv2dPass(string op, Tensor a, Tensor b, Shape images, Shape kernels, int stride, int pad)
    {
        OpChecks.RequireSameFloat(op, a, b);
        if (images.Rank != 4 || kernels.Rank != 4)
            throw new ArgumentException($"{op}: expects images [N,C,H,W] and kernels [K,C,R,S], got {images} and {kernels}.");
        if (images[1] != kernels[1])
            throw new ArgumentException($"{op}: images {images} have {images[1]} channels, kernels {kernels} expect {kernels[1]}.");
        (_op, _images, _kernels) = (op, images, kernels);
        _size = new Conv2dSize(op, images, kernels[2], kernels[3], stride, pad);
    }

    /// <summary>K.</summary>
    public long Filters => _kernels[0];

    /// <summary>Shape [N,K,P,Q] of the outputs.</summary>
    public Shape Outputs => [_images[0], Filters, _size.P, _size.Q];

    private long Positions => _images[0] * _size.P * _size.Q;

    /// <summary>Refuses a gradient of the outputs that has another shape than they.</summary>
    /// <exception cref="ArgumentException">It has.</exception>
    public void RequireOutputs(Tensor dy)
    {
        if (dy.Shape != Outputs)
            throw new ArgumentException($"{_op}: expects dy {Outputs} for images {_images} and kernels {_kernels}, got {dy}.");
    }

    /// <summary>Outputs or images of the given shape with that many channels, from the other and the kernels.</summary>
    public Tensor Correlate(string kernel, Shape shape, long channels, Tensor source, Tensor w, string name)
    {
        if (source.ElementCount == 0 || w.ElementCount == 0) return Tensor.Zeros(source.Device, shape, source.DType, name);
        Tensor result = Tensor.Empty(source.Device, shape, source.DType, name);
        if (result.ElementCount == 0) return result;
        Conv2dWinograd winograd = new(_size, Filters, ofGradient: kernel == "conv2d_dgrad");
        if (winograd.Pays(result.Device, result.DType))
        {
            using Tensor u = winograd.TransformKernels(w);
            winograd.Correlate(source, u, result);
            return result;
        }

        result.Device.LaunchBlocks(kernel, result.DType, Blocks(result, channels), Threads, _size, Filters, source, w, result);
        return result;
    }

    /// <summary>Outputs σ(conv2d(x, w) + b).</summary>
    public Tensor CorrelateAndActivate(Tensor x, Tensor w, Tensor b, ActivationFunction activation, string name)
    {
        if (x.ElementCount == 0 || w.ElementCount == 0) return Activate(b, activation);
        Tensor y = Tensor.Empty(x.Device, Outputs, x.DType, name);
        if (y.ElementCount == 0) return y;
        Conv2dWinograd winograd = new(_size, Filters, ofGradient: false);
        if (winograd.Pays(y.Device, y.DType))
        {
            using Tensor u = winograd.TransformKernels(w);
            winograd.CorrelateAndActivate(x, u, b, activation, y);
            return y;
        }

        y.Device.LaunchBlocks(
            "conv2d_fprop_bias_activation", y.DType, Blocks(y, Filters), Threads, _size, Filters, (long)activation.Kind,
            activation.Alpha, x, w, b, y);
        return y;
    }

    /// <summary>The kernels' gradient: sums over groups of positions, then the sum of those.</summary>
    public Tensor WeightGradient(Tensor dy, Tensor x, string name)
    {
        if (dy.ElementCount == 0 || x.ElementCount == 0) return Tensor.Zeros(x.Device, _kernels, x.DType, name);
        Tensor dw = Tensor.Empty(x.Device, _kernels, x.DType, name);
        Conv2dWinogradGradient winograd = new(_size, Filters);
        if (winograd.Pays(x.Device, x.DType))
        {
            winograd.Run(dy, x, dw);
            return dw;
        }

        long depth = _kernels.ElementCount / Filters, padded = (Filters + FilterPadding - 1) / FilterPadding * FilterPadding;
        long positions = GroupPositions(depth), groups = (Positions + positions - 1) / positions;
        using TensorScope scope = new();
        Tensor partial = Tensor.Empty(x.Device, [groups, depth, padded], x.DType, "partial sums");
        Device device = x.Device;
        int blocks = device.ResidentBlocks(groups * Tiles(depth) * Tiles(padded), Threads);
        device.LaunchBlocks("conv2d_wgrad", x.DType, blocks, Threads, _size, Filters, positions, dy, x, partial);
        device.Launch("conv2d_sum", x.DType, dw.ElementCount, Filters, depth, groups, partial, dw);
        return dw;
    }

    // Of sums without terms.
    private Tensor Activate(Tensor b, ActivationFunction activation)
    {
        using TensorScope scope = new();
        return scope.Return(activation.Apply(b.BroadcastTo(Outputs)));
    }

    private static int Blocks(Tensor result, long channels) =>
        result.Device.ResidentBlocks(Tiles(channels) * Tiles(result.ElementCount / channels), Threads);

    private static long Tiles(long size) => (size + Tile - 1) / Tile;

    // Whole chunks, and no more groups than there are too few tiles.
    private long GroupPositions(long depth)
    {
        long tiles = (depth + TileDepth - 1) / TileDepth, chunks = (Positions + Chunk - 1) / Chunk;
        long groups = Math.Clamp((WantedTiles + tiles - 1) / tiles, 1, chunks);
        return (chunks + groups - 1) / groups * Chunk;
    }
}
