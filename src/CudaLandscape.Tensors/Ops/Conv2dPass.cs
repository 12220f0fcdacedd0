namespace CudaLandscape.Tensors.Ops;

/// <summary>Checks the shapes of a pass of a convolution and runs it: what its three ops share.</summary>
internal readonly struct Conv2dPass
{
    // As in native/include/conv2d: a block's threads, the padding of filters.
    private const int Threads = 256, FilterPadding = 32;

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
        _size.RequireCountable(op, kernels[0]);
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
    public Tensor Correlate(Conv2dKind kind, Shape shape, long channels, Tensor source, Tensor w, string name)
    {
        if (source.ElementCount == 0 || w.ElementCount == 0) return Tensor.Zeros(source.Device, shape, source.DType, name);
        Tensor result = Tensor.Empty(source.Device, shape, source.DType, name);
        if (result.ElementCount == 0) return result;
        Conv2dWinograd winograd = new(_size, Filters, ofGradient: kind == Conv2dKind.InputGradient);
        if (winograd.Choose(result.Device, result.DType) is { } tile)
        {
            using Tensor u = winograd.TransformKernels(tile, w);
            winograd.Correlate(tile, source, u, result);
            return result;
        }

        Conv2dVariant variant = Conv2dChoice.Of(_size, Filters, kind, result);
        int blocks = Blocks(variant, result, channels);
        result.Device.LaunchBlocks(variant.Kernel(kind), result.DType, blocks, Threads, _size, Filters, source, w, result);
        return result;
    }

    /// <summary>Outputs σ(conv2d(x, w) + b).</summary>
    public Tensor CorrelateAndActivate(Tensor x, Tensor w, Tensor b, ActivationFunction activation, string name)
    {
        if (x.ElementCount == 0 || w.ElementCount == 0) return Activate(b, activation);
        Tensor y = Tensor.Empty(x.Device, Outputs, x.DType, name);
        Conv2dWinograd winograd = new(_size, Filters, ofGradient: false);
        if (winograd.Choose(y.Device, y.DType) is { } tile)
        {
            using Tensor u = winograd.TransformKernels(tile, w);
            winograd.CorrelateAndActivate(tile, x, u, b, activation, y);
            return y;
        }

        Conv2dVariant variant = Conv2dChoice.Of(_size, Filters, Conv2dKind.Forward, y);
        y.Device.LaunchBlocks(
            variant.BiasActivationKernel, y.DType, Blocks(variant, y, Filters), Threads, _size, Filters, (long)activation.Kind,
            activation.Alpha, x, w, b, y);
        return y;
    }

    /// <summary>The kernels' gradient: sums over groups of positions, then the sum of those.</summary>
    public Tensor WeightGradient(Tensor dy, Tensor x, string name)
    {
        if (dy.ElementCount == 0 || x.ElementCount == 0) return Tensor.Zeros(x.Device, _kernels, x.DType, name);
        Tensor dw = Tensor.Empty(x.Device, _kernels, x.DType, name);
        Conv2dWinogradGradient winograd = new(_size, Filters);
        if (winograd.Choose(x.Device, x.DType) is { } tile)
        {
            winograd.Run(tile, dy, x, dw);
            return dw;
        }

        long depth = _kernels.ElementCount / Filters, padded = (Filters + FilterPadding - 1) / FilterPadding * FilterPadding;
        Conv2dVariant variant = Conv2dChoice.Of(_size, Filters, Conv2dKind.WeightGradient, dw);
        long positions = variant.GroupPositions(depth, padded, Positions), groups = (Positions + positions - 1) / positions;
        using TensorScope scope = new();
        Tensor partial = Tensor.Empty(x.Device, [groups, depth, padded], x.DType, "partial sums");
        Device device = x.Device;
        int blocks = device.ResidentBlocks(groups * variant.Tiles(depth, padded), Threads);
        device.LaunchBlocks(variant.Kernel(Conv2dKind.WeightGradient), x.DType, blocks, Threads, _size, Filters, positions, dy, x, partial);
        device.Launch("conv2d_sum", x.DType, dw.ElementCount, Filters, depth, groups, partial, dw);
        return dw;
    }

    // Of sums without terms.
    private Tensor Activate(Tensor b, ActivationFunction activation)
    {
        using TensorScope scope = new();
        return scope.Return(activation.Apply(b.BroadcastTo(Outputs)));
    }

    private static int Blocks(Conv2dVariant variant, Tensor result, long channels) =>
        result.Device.ResidentBlocks(variant.Tiles(channels, result.ElementCount / channels), Threads);
}
