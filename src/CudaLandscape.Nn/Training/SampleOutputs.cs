using CudaLandscape.Interop;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Training;

/// <summary>The outputs of a network for every sample of a set, batch by batch, as an evaluation needs them.</summary>
internal static class SampleOutputs
{
    private const int BatchSize = 1000;

    /// <summary>
    /// Visits outputs [B,C] and labels [B] of every batch in order, with <see cref="Module.IsTraining"/> off and without a tape;
    /// what the visit makes is released after it.
    /// </summary>
    public static void Visit(Module model, DeviceSamples samples, Action<Tensor, Tensor> visit, CancellationToken cancellation)
    {
        using ProfilerRange range = ProfilerRange.IsOn ? new("evaluation") : default;
        bool wasTraining = model.IsTraining;
        model.IsTraining = false;
        try
        {
            using NoGradient noGradient = new();
            for (int begin = 0; begin < samples.Count; begin += BatchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                using TensorScope scope = new();
                int count = Math.Min(BatchSize, samples.Count - begin);
                visit(model.Forward(samples.ImageRange(begin, count)), samples.LabelRange(begin, count));
            }
        }
        finally
        {
            model.IsTraining = wasTraining;
        }
    }

    /// <summary>Samples whose largest output is not their label's; of equal outputs the first is the answer.</summary>
    public static int Errors(Tensor output, Tensor labels) => (int)output.ArgMax().CountDifferent(labels).Item();
}
