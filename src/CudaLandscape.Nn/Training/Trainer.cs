using System.Diagnostics;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Training;

/// <summary>Mini-batch training of a classifier by the squared loss to one-hot targets, with Adam.</summary>
public static class Trainer
{
    // Far from the streams of parameters (0, 1, …) and noise.
    private const ulong OrderStream = 1UL << 40;

    /// <summary>
    /// Trains in place. Epoch e visits the samples in the order of stream 2^40 + e of the seed; the loss stays on the device
    /// until the epoch's end.
    /// </summary>
    /// <exception cref="NonFiniteLossException">The loss of an epoch is not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public static void Run(
        Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings,
        Action<EpochReport>? report = null, CancellationToken cancellation = default)
    {
        settings.Validate();
        using Adam optimizer = new(parameters, settings.Adam);
        for (int epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            int[] order = Philox.Permutation(new RandomStream(settings.Seed, OrderStream + (ulong)epoch), samples.Count);
            double loss = RunEpoch(model, parameters, samples, settings, optimizer, order, cancellation);
            if (!double.IsFinite(loss)) throw new NonFiniteLossException(epoch, loss);
            report?.Invoke(new EpochReport(epoch, settings.Epochs, loss, watch.Elapsed.TotalSeconds));
        }
    }

    private static double RunEpoch(
        Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings, Adam optimizer, int[] order,
        CancellationToken cancellation)
    {
        using TensorScope scope = new();
        Tensor sum = Tensor.Zeros(samples.Images.Device, Shape.Scalar, parameters.Values.DType, "loss of the epoch");
        for (int begin = 0; begin < order.Length; begin += settings.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope stepScope = new();
            int[] batch = order[begin..Math.Min(begin + settings.BatchSize, order.Length)];
            Tensor loss = Step(model, parameters, samples, settings, optimizer, batch);
            sum.CopyFrom(sum + loss.Detach().Scale((double)batch.Length / order.Length));
        }

        return sum.Item();
    }

    private static Tensor Step(
        Module model, ParameterSlab parameters, DeviceSamples samples, TrainingSettings settings, Adam optimizer, int[] batch)
    {
        (Tensor images, Tensor labels) = samples.Batch(batch);
        Tensor output = model.Forward(images);
        Tensor loss = output.SquaredLoss(labels.OneHot(samples.ClassCount, output.DType), settings.Loss);
        optimizer.Step(Gradient.Of(loss, parameters.Tensors));
        return loss;
    }
}
