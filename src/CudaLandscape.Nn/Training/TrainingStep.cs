using CudaLandscape.Interop;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Training;

/// <summary>
/// One step of mini-batch training, of one network or of several at once. Everything that changes from step to step (the epoch,
/// the batch cursor, the sums of losses, the optimizer's state) is in device memory, so the same launches do for every step.
/// </summary>
internal abstract class TrainingStep : IDisposable
{
    private readonly ParameterSlab _parameters;
    private CapturedStep? _captured;

    private protected TrainingStep(ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings, int networks)
    {
        (_parameters, Samples, Settings) = (parameters, samples, settings);
        using TensorScope scope = new();
        Device device = samples.Images.Device;
        Order = Tensor.Zeros(device, [(long)networks * samples.Count], DType.Int32, "order of samples");
        Cursor = Tensor.Zeros(device, [1], DType.Int32, "batch cursor");
        Epoch = Tensor.Zeros(device, [1], DType.Int32, "epoch");
        LossSums = Tensor.Zeros(device, [networks], parameters.Values.DType, "sums of losses");
        Optimizer = settings.Optimizer.Create(parameters);
        foreach (Tensor tensor in (Tensor[])[Order, Cursor, Epoch, LossSums]) scope.Keep(tensor);
    }

    /// <summary>The data.</summary>
    protected DeviceSamples Samples { get; }

    /// <summary>How to train.</summary>
    protected TrainingSettings Settings { get; }

    /// <summary>The optimizer of all parameters.</summary>
    protected Optimizer Optimizer { get; }

    /// <summary>The epoch's order of samples of every network, one after the other.</summary>
    protected Tensor Order { get; }

    /// <summary>Samples of the epoch that were seen.</summary>
    protected Tensor Cursor { get; }

    /// <summary>The epoch, counted from 1.</summary>
    protected Tensor Epoch { get; }

    /// <summary>Sum over the epoch's batches of loss times batch size, of every network.</summary>
    protected Tensor LossSums { get; }

    /// <summary>A step of one network, of the kind that the settings ask for.</summary>
    /// <exception cref="NotSupportedException">There is no fused step for the network or the data.</exception>
    public static TrainingStep Create(Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings) =>
        settings.Fused
            ? new FusedStep([FusedStep.Require(model)], parameters, samples, settings)
            : new ComposedStep(model, parameters, samples, settings);

    /// <summary>
    /// Everything a step changes: parameters, buffers, the optimizer's state and the sums of losses. The optimizer's tensors are
    /// split by parameter where they can be; those views belong to the current scope.
    /// </summary>
    public IReadOnlyList<StateTensor> State() =>
    [
        .. _parameters.State, .. Optimizer.State.SelectMany(Parts), new StateTensor("training.loss_sum", LossSums),
    ];

    /// <summary>
    /// Starts an epoch, counted from 1, with the samples in the given order (of every network, one after the other), or goes on
    /// with it after the first <paramref name="seen"/> of them.
    /// </summary>
    public void Begin(int epoch, ReadOnlySpan<int> order, int seen = 0)
    {
        using TensorScope scope = new();
        Order.CopyFrom(Tensor.From(Order.Device, Order.Shape, order, "order of samples"));
        Epoch.CopyFrom(Tensor.From<int>(Epoch.Device, Epoch.Shape, [epoch], "epoch"));
        Cursor.CopyFrom(Tensor.From<int>(Cursor.Device, Cursor.Shape, [seen], "batch cursor"));
        if (seen == 0) LossSums.CopyFrom(Tensor.Zeros(LossSums.Device, LossSums.Shape, LossSums.DType));
    }

    /// <summary>Trains on the next samples. A full batch is recorded at its first step, when the settings ask for that.</summary>
    public void Run(int batchSize)
    {
        using ProfilerRange range = ProfilerRange.IsOn ? new(_captured is null ? "training step" : "training step, replayed") : default;
        if (!Settings.Captured || batchSize != Settings.BatchSize) Train(batchSize);
        else if (_captured is null) _captured = CapturedStep.Record(Order.Device, () => Train(batchSize));
        else _captured.Replay();
    }

    /// <summary>Mean loss of every network since <see cref="Begin"/>, over the samples seen; waits for the device.</summary>
    public double[] MeanLosses()
    {
        using TensorScope scope = new();
        return [.. LossSums.Cast(DType.Float64).ToArray<double>().Select(sum => sum / Samples.Count)];
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _captured?.Dispose();
        Optimizer.Dispose();
        foreach (Tensor tensor in (Tensor[])[Order, Cursor, Epoch, LossSums]) tensor.Dispose();
    }

    /// <summary>Adds the loss of the next samples to <see cref="LossSums"/> and takes the optimizer's step.</summary>
    private protected abstract void Learn(int batchSize);

    private void Train(int batchSize)
    {
        using TensorScope scope = new();
        Learn(batchSize);
        Cursor.Advance(batchSize);
    }

    private IEnumerable<StateTensor> Parts(StateTensor state)
    {
        if (state.Value.Shape != _parameters.Values.Shape) return [state with { Name = $"optimizer.{state.Name}" }];
        return _parameters.Split(state.Value).Select(part => new StateTensor($"optimizer.{state.Name}.{part.Name}", part));
    }
}
