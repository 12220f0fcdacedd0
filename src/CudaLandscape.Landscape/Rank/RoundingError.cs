using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Landscape.Rank;

/// <summary>E = F' - F over all entries, F being features and F' the same features with more rounding.</summary>
/// <param name="Entries">Entries that were compared.</param>
/// <param name="Mean">Mean of E.</param>
/// <param name="Deviation">ρ, the standard deviation of E about its mean: what acts on singular values like independent noise.</param>
/// <param name="Largest">The largest |E|.</param>
public sealed record RoundingError(long Entries, double Mean, double Deviation, double Largest)
{
    private const int Batch = 100;

    /// <summary>Standard deviation of rounding a number in [½, 1), where most sigmoids are, to float32: 2⁻²⁴ / √12 = 1.72e-8.</summary>
    public static double OfStoring { get; } = Math.ScaleB(1, -24) / Math.Sqrt(12);

    /// <summary>Compares the features of samples, batch by batch; nothing of full size is allocated.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="features">Rows of F, Float64, for images [B,C,H,W], Float32.</param>
    /// <param name="rounded">Rows of F' for the same images.</param>
    /// <param name="most">Samples to look at, the first ones.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public static RoundingError Of(
        DeviceSamples samples, Func<Tensor, Tensor> features, Func<Tensor, Tensor> rounded, int most = int.MaxValue,
        CancellationToken cancellation = default)
    {
        using NoGradient noGradient = new();
        int count = Math.Min(most, samples.Count);
        (long entries, double sum, double squares, double largest) = (0, 0, 0, 0);
        for (int begin = 0; begin < count; begin += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            Tensor images = samples.ImageRange(begin, Math.Min(Batch, count - begin));
            Tensor error = rounded(images).Cast(DType.Float64) - features(images);
            entries += error.ElementCount;
            sum += error.Sum().Item();
            squares += error.Square().Sum().Item();
            largest = Math.Max(largest, error.MaxAbs().Item());
        }

        double mean = sum / entries;
        return new RoundingError(entries, mean, Math.Sqrt(Math.Max(0, squares / entries - mean * mean)), largest);
    }
}
