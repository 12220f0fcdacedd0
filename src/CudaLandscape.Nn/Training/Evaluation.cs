using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>Loss and error count of a network on a data set.</summary>
/// <param name="Loss">Squared loss, mean over all entries of F_L - Y.</param>
/// <param name="HalfSum">Φ = ½ ‖F_L - Y‖²_F.</param>
/// <param name="Errors">Samples whose largest output is not their label's.</param>
public readonly record struct Evaluation(double Loss, double HalfSum, int Errors)
{
    private const int BatchSize = 1000;

    /// <summary>Evaluates the network on every sample, with <see cref="Module.IsTraining"/> off meanwhile.</summary>
    public static Evaluation Of(Module model, DeviceSamples samples, CancellationToken cancellation = default)
    {
        bool wasTraining = model.IsTraining;
        model.IsTraining = false;
        try
        {
            return Run(model, samples, cancellation);
        }
        finally
        {
            model.IsTraining = wasTraining;
        }
    }

    private static Evaluation Run(Module model, DeviceSamples samples, CancellationToken cancellation)
    {
        using NoGradient noGradient = new();
        double halfSum = 0;
        int errors = 0;
        for (int begin = 0; begin < samples.Count; begin += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            int count = Math.Min(BatchSize, samples.Count - begin);
            Tensor output = model.Forward(samples.ImageRange(begin, count)), labels = samples.LabelRange(begin, count);
            Tensor target = labels.OneHot(samples.ClassCount, output.DType);
            halfSum += output.SquaredLoss(target, LossNormalization.HalfSum).Item();
            errors += (int)output.ArgMax().CountDifferent(labels).Item();
        }

        return new Evaluation(2 * halfSum / ((double)samples.Count * samples.ClassCount), halfSum, errors);
    }
}
