using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// Batch normalisation of x[N,C,H,W] or x[N,C] per channel. In training it normalises with the batch's mean and biased
/// variance and moves the running statistics towards the batch's mean and unbiased variance by <c>momentum</c>; otherwise it
/// normalises with the running statistics. As PyTorch's BatchNorm2d, names of parameters and buffers included.
/// </summary>
public sealed class BatchNorm2d : Module, IActivatable
{
    private readonly Parameter _weight, _bias;
    private readonly ModuleBuffer _runningMean, _runningVariance, _batches;
    private readonly double _epsilon;
    private readonly long _channels;

    /// <summary>Declares a normalisation of C channels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Channels below 1, momentum outside [0, 1] or epsilon not positive.</exception>
    public BatchNorm2d(string name, long channels, double momentum = 0.1, double epsilon = 1e-5)
    {
        if (channels < 1) throw new ArgumentOutOfRangeException(nameof(channels), $"{name}: channels must be 1 or more, got {channels}.");
        if (!(momentum is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), $"{name}: momentum must be in [0, 1], got {momentum}.");
        if (!(epsilon > 0) || double.IsInfinity(epsilon))
            throw new ArgumentOutOfRangeException(nameof(epsilon), $"{name}: epsilon must be positive and finite, got {epsilon}.");
        (_channels, Momentum, _epsilon) = (channels, momentum, epsilon);
        _weight = Parameter.Constant("weight", [channels], 1, name);
        _bias = Parameter.Constant("bias", [channels], 0, name);
        _runningMean = new ModuleBuffer("running_mean", [channels], 0, module: name);
        _runningVariance = new ModuleBuffer("running_var", [channels], 1, module: name);
        // A count of its own type: exact to 2^53 batches, in device memory as everything that changes from step to step.
        _batches = new ModuleBuffer("num_batches_tracked", [], 0, DType.Float64, name);
    }

    /// <summary>Declares a normalisation that gets its name from the graph it is added to.</summary>
    public BatchNorm2d(long channels, double momentum = 0.1, double epsilon = 1e-5)
        : this("", channels, momentum, epsilon)
    {
    }

    /// <summary>How far the running statistics move towards a batch's, between 0 and 1.</summary>
    internal double Momentum { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    /// <summary>running_mean [C], running_var [C], num_batches_tracked (scalar).</summary>
    public override IReadOnlyList<ModuleBuffer> Buffers => [_runningMean, _runningVariance, _batches];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => NormalizeAndActivate(x, ActivationFunction.Identity);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank is 1 or 3 && input[0] == _channels
        ? input
        : throw new ArgumentException($"batch_norm: expects samples [{_channels}] or [{_channels},H,W], got {input}.");

    bool IActivatable.CanActivate => true;

    bool IActivatable.TakesFirstChannels => true;

    Tensor IActivatable.ForwardAndActivate(Tensor x, ActivationFunction activation) => NormalizeAndActivate(x, activation);

    /// <summary>Running statistics as before the first batch, whatever they are, not-a-number included.</summary>
    internal void ResetStatistics()
    {
        using TensorScope scope = new();
        foreach ((ModuleBuffer buffer, double value) in (IEnumerable<(ModuleBuffer, double)>)[(_runningMean, 0), (_runningVariance, 1), (_batches, 0)])
            buffer.Value.CopyFrom(Tensor.Full(buffer.Value.Device, buffer.Shape, buffer.Value.DType, value));
    }

    private void Move(Tensor running, Tensor batch)
    {
        using NoGradient noGradient = new();
        running.CopyFrom(running.Scale(1 - Momentum) + batch.Scale(Momentum));
    }

    // In one op; of x only the channels that are normalised here, the first, are read.
    private Tensor NormalizeAndActivate(Tensor x, ActivationFunction activation)
    {
        if (!IsTraining)
            return x.BatchNormActivation(_weight.Value, _bias.Value, _runningMean.Value, _runningVariance.Value, activation, _epsilon);
        using TensorScope scope = new();
        (Tensor y, BatchNormStatistics batch) = x.BatchNormActivationTraining(_weight.Value, _bias.Value, activation, _epsilon);
        Move(_runningMean.Value, batch.Mean);
        Move(_runningVariance.Value, batch.UnbiasedVariance);
        _batches.Value.CopyFrom(_batches.Value.Scale(1, 1));
        return scope.Return(y);
    }
}
