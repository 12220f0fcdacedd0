using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Training;

/// <summary>Cross-entropy and error count of a classifier on a data set.</summary>
/// <param name="CrossEntropy">Mean over the samples of -ln softmax(output)[label], in nats (ICLR'19, eq. (2)).</param>
/// <param name="Errors">Samples whose largest output is not their label's.</param>
/// <param name="Samples">Number of samples.</param>
public readonly record struct ClassificationEvaluation(double CrossEntropy, int Errors, int Samples)
{
    /// <summary>Share of samples that are classified right, in percent.</summary>
    public double Accuracy => 100.0 * (Samples - Errors) / Samples;

    /// <summary>Evaluates the network on every sample, with <see cref="Module.IsTraining"/> off meanwhile.</summary>
    public static ClassificationEvaluation Of(Module model, DeviceSamples samples, CancellationToken cancellation = default)
    {
        double sum = 0;
        int errors = 0;
        SampleOutputs.Visit(model, samples, (output, labels) =>
        {
            sum += output.CrossEntropy(labels).Item() * labels.ElementCount;
            errors += SampleOutputs.Errors(output, labels);
        }, cancellation);
        return new ClassificationEvaluation(sum / samples.Count, errors, samples.Count);
    }
}
