using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Training;

/// <summary>Loss and error count of a network on a data set.</summary>
/// <param name="Loss">Squared loss, mean over all entries of F_L - Y.</param>
/// <param name="HalfSum">Φ = ½ ‖F_L - Y‖²_F.</param>
/// <param name="Errors">Samples whose largest output is not their label's.</param>
public readonly record struct Evaluation(double Loss, double HalfSum, int Errors)
{
    /// <summary>Evaluates the network on every sample, with <see cref="Module.IsTraining"/> off meanwhile.</summary>
    public static Evaluation Of(Module model, DeviceSamples samples, CancellationToken cancellation = default)
    {
        double halfSum = 0;
        int errors = 0;
        SampleOutputs.Visit(model, samples, (output, labels) =>
        {
            Tensor target = labels.OneHot(samples.ClassCount, output.DType);
            halfSum += output.SquaredLoss(target, LossNormalization.HalfSum).Item();
            errors += SampleOutputs.Errors(output, labels);
        }, cancellation);
        return new Evaluation(2 * halfSum / ((double)samples.Count * samples.ClassCount), halfSum, errors);
    }
}
