using CudaLandscape.Interop;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Training;

/// <summary>
/// A training step of one or several networks of ICML'18, Figure 1, in a handful of kernels: see <see cref="Figure1Gradient"/>.
/// Each network has its own order of samples and ends with the bits it has when it trains alone.
/// </summary>
internal sealed class FusedStep : TrainingStep
{
    private readonly Figure1Gradient _gradient;

    /// <summary>Allocates what the kernels need; the slab holds the networks' parameters one network after the other.</summary>
    public FusedStep(
        IReadOnlyList<Figure1Network> networks, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings)
        : base(parameters, RequirePlainImages(samples, settings), settings, networks.Count)
    {
        try
        {
            _gradient = new Figure1Gradient(networks, parameters, samples, settings.BatchSize, settings.Loss);
        }
        catch
        {
            base.Dispose();
            throw;
        }
    }

    /// <summary>The network, if it is of the kind that the fused step is for.</summary>
    /// <exception cref="NotSupportedException">It is not.</exception>
    public static Figure1Network Require(Module model) =>
        model is Figure1Network { Conv2: Conv2Choice.Kernel2Stride1, Bias: BiasKind.Shared } network
            ? network
            : throw new NotSupportedException(
                "The fused step is for the network of Figure 1 with a 2x2 second convolution and one bias per filter; "
                + "use the captured step for others.");

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _gradient.Dispose();
    }

    private protected override void Learn(int batchSize)
    {
        using (ProfilerRange.IsOn ? new ProfilerRange("forward and backward") : default)
            _gradient.Run(batchSize, Order, Cursor, Optimizer.Gradients, LossSums);
        using (ProfilerRange.IsOn ? new ProfilerRange("update") : default)
            Optimizer.Step();
    }

    private static DeviceSamples RequirePlainImages(DeviceSamples samples, TrainingSettings settings)
    {
        if (settings.Objective != Objective.SquaredLoss)
            throw new NotSupportedException("The fused step minimises the squared loss; use the captured step for the cross-entropy.");
        if (samples.Images.DType == DType.Float32 && settings.Augmentation is null && samples.ClassCount == 10
            && samples.Images.Shape.With(0, 1) == [1, 1, 28, 28]) return samples;
        throw new NotSupportedException(
            $"The fused step takes Float32 images [N,1,28,28] of 10 classes without augmentation, got {samples.Images} of "
            + $"{samples.ClassCount} classes; use the captured step.");
    }
}
