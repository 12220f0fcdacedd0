namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The kernels of a batch normalisation with the activation behind it, over the first channels of x[N,C,H,W] or x[N,C].
/// </summary>
internal readonly struct BatchNormPass
{
    // As in native/kernels/batch_norm.cu: the pieces fix the order of addition.
    private const long PieceElements = 4096;
    private const int Lanes = 128;

    private readonly ActivationFunction _activation;
    private readonly double _epsilon;
    private readonly Shape _x;
    private readonly long _channels;

    /// <summary>A pass over x whose shape and channels have been checked.</summary>
    public BatchNormPass(Shape x, long channels, ActivationFunction activation, double epsilon) =>
        (_x, _channels, _activation, _epsilon) = (x, channels, activation, epsilon);

    /// <summary>Shape of the result.</summary>
    public Shape Result => _x.With(1, _channels);

    private long Area => _x.Rank == 4 ? _x[2] * _x[3] : 1;

    private long Pieces
    {
        get
        {
            long runs = (Area + PieceElements - 1) / PieceElements, samples = Math.Max(1, PieceElements / Area);
            return (_x[0] + samples - 1) / samples * runs;
        }
    }

    /// <summary>[2,C]: mean and biased variance of every channel, which has at least one value.</summary>
    public Tensor Moments(Tensor x)
    {
        using TensorScope scope = new();
        Tensor part = Parts(x, "partial moments"), moments = Tensor.Empty(x.Device, [2, _channels], x.DType, "moments");
        LaunchPieces("batch_norm_moments", x, SizeOf(), x, part);
        x.Device.Launch("batch_norm_join", x.DType, _channels, SizeOf(), part, moments);
        return scope.Return(moments);
    }

    /// <summary>σ((x - μ) / √(σ² + ε) · weight + bias).</summary>
    public Tensor Forward(string op, Tensor x, Tensor weight, Tensor bias, Tensor moments)
    {
        Tensor y = Tensor.Empty(x.Device, Result, x.DType, op);
        if (y.ElementCount > 0)
            x.Device.Launch(
                "batch_norm_forward", x.DType, y.ElementCount, SizeOf(), _epsilon, _activation.Alpha, x, moments, weight, bias, y);
        return y;
    }

    /// <summary>Per channel [2,C] the sums of dz and of dz (x - μ), and the gradients of weight and bias, [C] each.</summary>
    public (Tensor Sums, Tensor Weight, Tensor Bias) Sums(Tensor x, Tensor weight, Tensor bias, Tensor moments, Tensor dy)
    {
        using TensorScope scope = new();
        Tensor sums = Make([2, _channels]), dWeight = Make([_channels]), dBias = Make([_channels]), part = Parts(x, "partial sums");
        LaunchPieces("batch_norm_sums", x, SizeOf(), _epsilon, _activation.Alpha, x, moments, weight, bias, dy, part);
        x.Device.Launch("batch_norm_add", x.DType, _channels, SizeOf(), _epsilon, part, moments, sums, dWeight, dBias);
        return (scope.Return(sums), scope.Return(dWeight), scope.Return(dBias));

        Tensor Make(Shape shape) => Tensor.Empty(x.Device, shape, x.DType, "batch_norm sums");
    }

    /// <summary>Adds the gradient of x to dx, or sets it; of x's own moments as well when they are the batch's.</summary>
    public void AddGradient(
        Tensor x, Tensor weight, Tensor bias, Tensor moments, Tensor dy, Tensor sums, Tensor dx, bool isOfBatch, bool isFresh) =>
        x.Device.Launch(
            "batch_norm_gradient", x.DType, dy.ElementCount, SizeOf(isOfBatch, isFresh), _epsilon, _activation.Alpha, x, moments, weight,
            bias, dy, sums, dx);

    private Tensor Parts(Tensor x, string name) => Tensor.Empty(x.Device, [Pieces, 2, _channels], x.DType, name);

    private void LaunchPieces(string kernel, Tensor x, Size size, params ReadOnlySpan<KernelArgument> arguments) =>
        x.Device.LaunchBlocks(kernel, x.DType, x.Device.ResidentBlocks(Pieces * _channels, Lanes), Lanes, size, arguments);

    private Size SizeOf(bool isOfBatch = true, bool isFresh = false) =>
        new(_x[0], _channels, _x[1], Area, (long)_activation.Kind, isOfBatch ? 1 : 0, isFresh ? 1 : 0);

    /// <summary>The kernels' <c>BatchNorm</c>.</summary>
    private readonly record struct Size(long N, long Channels, long XChannels, long Area, long Kind, long IsOfBatch, long IsFresh);
}
