using CudaLandscape.Interop;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>A training step of any network: its modules' ops, one after the other, and their gradients.</summary>
internal sealed class ComposedStep(Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings)
    : TrainingStep(parameters, samples, settings, networks: 1)
{
    private readonly ParameterSlab _parameters = parameters;

    private protected override void Learn(int batchSize)
    {
        Tensor loss = Forward(batchSize);
        Tensor[] gradients = Backward(loss);
        using ProfilerRange range = ProfilerRange.IsOn ? new("update") : default;
        Optimizer.Step(gradients);
        LossSums.CopyFrom(LossSums + loss.Detach().Scale(batchSize));
    }

    private Tensor Forward(int batchSize)
    {
        using ProfilerRange range = ProfilerRange.IsOn ? new("forward") : default;
        Tensor labels = Samples.Labels.BatchRows(Order, Cursor, batchSize);
        return Loss(model.Forward(Images(batchSize)), labels);
    }

    private Tensor[] Backward(Tensor loss)
    {
        using ProfilerRange range = ProfilerRange.IsOn ? new("backward") : default;
        return Gradient.Of(loss, _parameters.Tensors);
    }

    private Tensor Loss(Tensor output, Tensor labels) => Settings.Objective == Objective.CrossEntropy
        ? output.CrossEntropy(labels)
        : output.SquaredLoss(labels.OneHot(Samples.ClassCount, _parameters.Values.DType), Settings.Loss);

    private Tensor Images(int count) => Settings.Augmentation is { } augmentation
        ? Samples.AugmentedBatch(augmentation, Order, Cursor, Epoch, count, Settings.Seed)
        : Samples.ImageBatch(Order, Cursor, count);
}
