using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Paths;

/// <summary>
/// Finds a curve of low loss between two fixed networks: minimises E_t[L(φ(t))], t uniform in (0, 1), over the bends by
/// stochastic gradient descent with momentum. A step draws one t and one mini-batch; ∂L(φ(t))/∂P_i = c_i(t) ∇L(φ(t))
/// (Garipov et al., NeurIPS'18, section 3.2; the recipe of its VGG16 is the default but for the number of epochs).
/// </summary>
public static class CurveTraining
{
    // Far from the streams of parameters.
    private const ulong PositionStream = 1UL << 42, OrderStream = (1UL << 42) + 1;

    /// <summary>Trains the bends in place; the ends stay.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="model">The model, in training mode meanwhile: batch normalisation uses the batch's statistics.</param>
    /// <param name="parameters">Its parameters, which are moved along the curve; they are left anywhere on it.</param>
    /// <param name="samples">The data.</param>
    /// <param name="settings">How.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="ArithmeticException">A loss is not finite; the message names epoch and t.</exception>
    public static void Run(
        ParameterCurve curve, Module model, ParameterSlab parameters, DeviceSamples samples, CurveTrainingSettings settings,
        CancellationToken cancellation = default)
    {
        settings.Validate();
        bool wasTraining = model.IsTraining;
        try
        {
            model.IsTraining = true;
            Steps(curve, model, parameters, samples, settings, cancellation);
        }
        finally
        {
            model.IsTraining = wasTraining;
        }
    }

    private static void Steps(
        ParameterCurve curve, Module model, ParameterSlab parameters, DeviceSamples samples, CurveTrainingSettings settings,
        CancellationToken cancellation)
    {
        using TensorScope scope = new();
        Tensor[] velocities = [.. curve.Bends.Select(bend => Tensor.Zeros(bend.Device, bend.Shape, bend.DType, "velocity"))];
        Tensor gradient = Tensor.Zeros(parameters.Values.Device, parameters.Values.Shape, parameters.Values.DType, "gradient");
        int batches = (samples.Count + settings.BatchSize - 1) / settings.BatchSize;
        for (int step = 0; step < settings.Epochs * batches; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope stepScope = new();
            double t = Philox.Uniform(new RandomStream(settings.Seed, PositionStream), (ulong)step);
            double loss = GradientAt(curve.At(t), model, parameters, Batch(samples, settings, step / batches, step % batches), gradient);
            if (!double.IsFinite(loss)) throw new ArithmeticException($"curve training: the loss in epoch {step / batches + 1} at t = {t:G4} is {loss}.");
            Move(curve, curve.Weights(t), gradient, velocities, settings, settings.RateAt((double)step / (settings.Epochs * batches)));
        }
    }

    private static (Tensor Images, Tensor Labels) Batch(DeviceSamples samples, CurveTrainingSettings settings, int epoch, int batch)
    {
        Device device = samples.Images.Device;
        int seen = batch * settings.BatchSize, count = Math.Min(settings.BatchSize, samples.Count - seen);
        RandomStream stream = new(settings.Seed, OrderStream + (ulong)epoch);
        Tensor order = RandomTensor.Permutation(device, samples.Count, stream), cursor = Tensor.From<int>(device, [1], [seen], "cursor");
        return (samples.ImageBatch(order, cursor, count), samples.Labels.BatchRows(order, cursor, count));
    }

    private static double GradientAt(Tensor point, Module model, ParameterSlab parameters, (Tensor Images, Tensor Labels) batch, Tensor gradient)
    {
        parameters.Values.CopyFrom(point);
        Tensor loss = model.Forward(batch.Images).CrossEntropy(batch.Labels);
        parameters.Flatten(Gradient.Of(loss, parameters.Tensors), gradient);
        return loss.Item();
    }

    private static void Move(
        ParameterCurve curve, double[] weights, Tensor gradient, Tensor[] velocities, CurveTrainingSettings settings, double rate)
    {
        for (int i = 0; i < velocities.Length; i++)
        {
            Tensor bend = curve.Bends[i];
            velocities[i].CopyFrom(velocities[i].Scale(settings.Momentum) + gradient.Scale(weights[i + 1]) + bend.Scale(settings.WeightDecay));
            bend.CopyFrom(bend - velocities[i].Scale(rate));
        }
    }
}
