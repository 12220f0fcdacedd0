namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 2015) of x[N,C,H,W] over N, H, W or of x[N,C] over N: in one op with an activation behind
/// it, and composed of ops. The gradients of both can be differentiated again in x, weight and bias.
/// </summary>
public static partial class TensorOps
{
    /// <summary>
    /// y = (x - μ) / √(σ² + ε) · weight + bias per channel, with mean and biased variance of this batch, in two passes;
    /// weight, bias [C] of x's type. The statistics for a running average come with it; keeping them is the caller's.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match, or a channel has fewer than two values.</exception>
    public static (Tensor Y, BatchNormStatistics Statistics) BatchNorm2dTraining(
        this Tensor x, Tensor weight, Tensor bias, double epsilon = 1e-5)
    {
        CheckBatchNorm(x, weight, bias, epsilon, x.Shape.Rank > 1 ? x.Shape[1] : 0);
        long channels = x.Shape[1], count = channels == 0 ? 0 : x.ElementCount / channels;
        if (count < 2) throw new ArgumentException($"batch_norm2d: needs at least two values per channel to train, got {x}.");
        using TensorScope scope = new();
        int[] axes = x.Shape.Rank == 4 ? [0, 2, 3] : [0];
        Tensor mean = x.Mean(axes, keep: true), centered = x - mean;
        Tensor variance = centered.Square().Mean(axes, keep: true);
        Tensor y = Normalized(centered, variance, weight, bias, epsilon);
        BatchNormStatistics statistics = new(
            scope.Return(mean.Detach().Reshape([channels])),
            scope.Return(variance.Detach().Reshape([channels]).Scale(count / (count - 1.0))));
        return (scope.Return(y), statistics);
    }

    /// <summary>
    /// y = (x - mean) / √(variance + ε) · weight + bias per channel, with given statistics such as running averages; mean,
    /// variance, weight, bias [C] of x's type.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor BatchNorm2d(
        this Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon = 1e-5)
    {
        CheckBatchNorm(x, weight, bias, epsilon, x.Shape.Rank > 1 ? x.Shape[1] : 0);
        RequireChannels(x, mean, "mean", x.Shape[1]);
        RequireChannels(x, variance, "variance", x.Shape[1]);
        using TensorScope scope = new();
        Shape channels = PerChannel(x);
        return scope.Return(Normalized(x - mean.Reshape(channels), variance.Reshape(channels), weight, bias, epsilon));
    }

    /// <summary>
    /// σ of <see cref="BatchNorm2dTraining"/> in one op, of the first C channels of x where weight and bias are shorter than its axis.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match, or a channel has fewer than two values.</exception>
    public static (Tensor Y, BatchNormStatistics Statistics) BatchNormActivationTraining(
        this Tensor x, Tensor weight, Tensor bias, ActivationFunction activation, double epsilon = 1e-5)
    {
        CheckBatchNorm(x, weight, bias, epsilon, x.Shape.Rank > 1 ? Math.Min(x.Shape[1], weight.ElementCount) : 0);
        long channels = weight.ElementCount, count = channels == 0 ? 0 : x.ElementCount / x.Shape[1];
        if (count < 2) throw new ArgumentException($"batch_norm2d: needs at least two values per channel to train, got {x}.");
        using TensorScope scope = new();
        Tensor moments = new BatchNormPass(x.Shape, channels, activation, epsilon).Moments(x);
        Tensor y = new BatchNormActivation(activation, epsilon, isOfBatch: true).Apply(x, weight, bias, moments);
        BatchNormStatistics statistics = new(
            scope.Return(moments.Slab(0, [channels], "mean")),
            scope.Return(moments.Slab(channels, [channels], "variance").Scale(count / (count - 1.0))));
        return (scope.Return(y), statistics);
    }

    /// <summary>
    /// σ of <see cref="BatchNorm2d"/> in one op, of the first C channels of x where the others are shorter than its axis; mean and
    /// variance get no gradient.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match, or mean or variance requires a gradient.</exception>
    public static Tensor BatchNormActivation(
        this Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, ActivationFunction activation, double epsilon = 1e-5)
    {
        long channels = x.Shape.Rank > 1 ? Math.Min(x.Shape[1], weight.ElementCount) : 0;
        CheckBatchNorm(x, weight, bias, epsilon, channels);
        RequireChannels(x, mean, "mean", channels);
        RequireChannels(x, variance, "variance", channels);
        if (mean.RequiresGradient || variance.RequiresGradient)
            throw new ArgumentException($"batch_norm_activation: no gradient flows to {mean} and {variance}; Detach them first.");
        using TensorScope scope = new();
        Tensor moments = new[] { mean, variance }.Concat(0).Reshape([2, channels]);
        return scope.Return(new BatchNormActivation(activation, epsilon, isOfBatch: false).Apply(x, weight, bias, moments));
    }

    // The small tensors are combined first, so that the batch itself is read and written only twice.
    private static Tensor Normalized(Tensor centered, Tensor variance, Tensor weight, Tensor bias, double epsilon)
    {
        Shape channels = PerChannel(centered);
        Tensor factor = weight.Reshape(channels) / variance.Scale(1, epsilon).Sqrt();
        return centered * factor + bias.Reshape(channels);
    }

    private static Shape PerChannel(Tensor x) => x.Shape.Rank == 4 ? [1, x.Shape[1], 1, 1] : [1, x.Shape[1]];

    private static void CheckBatchNorm(Tensor x, Tensor weight, Tensor bias, double epsilon, long channels)
    {
        OpChecks.RequireFloat("batch_norm2d", x);
        if (x.Shape.Rank is not (2 or 4)) throw new ArgumentException($"batch_norm2d: expects x[N,C,H,W] or x[N,C], got {x}.");
        if (!(epsilon > 0) || double.IsInfinity(epsilon))
            throw new ArgumentException($"batch_norm2d: epsilon must be positive and finite, got {epsilon}.");
        RequireChannels(x, weight, "weight", channels);
        RequireChannels(x, bias, "bias", channels);
    }

    private static void RequireChannels(Tensor x, Tensor perChannel, string what, long channels)
    {
        if (perChannel.Shape.Rank != 1 || perChannel.Shape[0] != channels || perChannel.DType != x.DType)
            throw new ArgumentException($"batch_norm2d: expects {what} [{channels}] {x.DType} for {x}, got {perChannel}.");
    }
}
