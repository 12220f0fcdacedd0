using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>
/// One step of mini-batch training. Everything that changes from step to step (the epoch, the batch cursor, the sum of losses, the
/// optimizer's state) is in device memory, so the same launches do for every step.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly Module _model;
    private readonly ParameterSlab _parameters;
    private readonly DeviceSamples _samples;
    private readonly TrainingSettings _settings;
    private readonly Optimizer _optimizer;
    private readonly Tensor _order, _cursor, _epoch, _lossSum;
    private CapturedStep? _captured;

    public TrainingStep(Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings)
    {
        (_model, _parameters, _samples, _settings) = (model, parameters, samples, settings);
        using TensorScope scope = new();
        Device device = samples.Images.Device;
        _order = Tensor.Zeros(device, [samples.Count], DType.Int32, "order of samples");
        _cursor = Tensor.Zeros(device, [1], DType.Int32, "batch cursor");
        _epoch = Tensor.Zeros(device, [1], DType.Int32, "epoch");
        _lossSum = Tensor.Zeros(device, Shape.Scalar, parameters.Values.DType, "sum of losses");
        _optimizer = settings.Optimizer.Create(parameters);
        foreach (Tensor tensor in (Tensor[])[_order, _cursor, _epoch, _lossSum]) scope.Keep(tensor);
    }

    /// <summary>
    /// Everything a step changes: parameters, buffers, the optimizer's state and the sum of losses. The optimizer's tensors are
    /// split by parameter where they can be; those views belong to the current scope.
    /// </summary>
    public IReadOnlyList<StateTensor> State() =>
    [
        .. _parameters.State, .. _optimizer.State.SelectMany(Parts), new StateTensor("training.loss_sum", _lossSum),
    ];

    /// <summary>
    /// Starts an epoch, counted from 1, with the samples in the given order, or goes on with it after the first
    /// <paramref name="seen"/> of them.
    /// </summary>
    public void Begin(int epoch, ReadOnlySpan<int> order, int seen = 0)
    {
        using TensorScope scope = new();
        _order.CopyFrom(Tensor.From(_order.Device, _order.Shape, order, "order of samples"));
        _epoch.CopyFrom(Tensor.From<int>(_epoch.Device, _epoch.Shape, [epoch], "epoch"));
        _cursor.CopyFrom(Tensor.From<int>(_cursor.Device, _cursor.Shape, [seen], "batch cursor"));
        if (seen == 0) _lossSum.CopyFrom(Tensor.Zeros(_lossSum.Device, _lossSum.Shape, _lossSum.DType));
    }

    /// <summary>Trains on the next samples. A full batch is recorded at its first step, when the settings ask for that.</summary>
    public void Run(int batchSize)
    {
        if (!_settings.Captured || batchSize != _settings.BatchSize) Train(batchSize);
        else if (_captured is null) _captured = CapturedStep.Record(_order.Device, () => Train(batchSize));
        else _captured.Replay();
    }

    /// <summary>Mean loss since <see cref="Begin"/>, over the samples seen; waits for the device.</summary>
    public double MeanLoss() => _lossSum.Item() / _samples.Count;

    public void Dispose()
    {
        _captured?.Dispose();
        _optimizer.Dispose();
        foreach (Tensor tensor in (Tensor[])[_order, _cursor, _epoch, _lossSum]) tensor.Dispose();
    }

    private IEnumerable<StateTensor> Parts(StateTensor state)
    {
        if (state.Value.Shape != _parameters.Values.Shape) return [state with { Name = $"optimizer.{state.Name}" }];
        return _parameters.Split(state.Value).Select(part => new StateTensor($"optimizer.{state.Name}.{part.Name}", part));
    }

    private void Train(int batchSize)
    {
        using TensorScope scope = new();
        Tensor images = Images(batchSize);
        Tensor target = _samples.Labels.BatchRows(_order, _cursor, batchSize).OneHot(_samples.ClassCount, _parameters.Values.DType);
        Tensor loss = _model.Forward(images).SquaredLoss(target, _settings.Loss);
        _optimizer.Step(Gradient.Of(loss, _parameters.Tensors));
        _lossSum.CopyFrom(_lossSum + loss.Detach().Scale(batchSize));
        _cursor.Advance(batchSize);
    }

    private Tensor Images(int count) => _settings.Augmentation is { } augmentation
        ? _samples.AugmentedBatch(augmentation, _order, _cursor, _epoch, count, _settings.Seed)
        : _samples.ImageBatch(_order, _cursor, count);
}
