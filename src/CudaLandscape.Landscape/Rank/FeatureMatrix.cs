using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Landscape.Rank;

/// <summary>
/// Streams the features of a layer, batch by batch, into the matrix whose rank is asked for; the only full-size copy there is.
/// </summary>
public static class FeatureMatrix
{
    private const long BatchBytes = 64L << 20;

    /// <summary>F[N, width] in the layout of <see cref="ShortSideFirst"/>, Float64.</summary>
    /// <param name="samples">The N samples.</param>
    /// <param name="width">Neurons of the layer.</param>
    /// <param name="features">Rows of F for a batch of images [B,C,H,W].</param>
    /// <param name="forwardType">
    /// Type the forward pass is computed in. Float32 rounds every feature by about 2e-8, which acts like independent noise and
    /// lifts small singular values: ranks of such a matrix are noise-limited.
    /// </param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <exception cref="Interop.DeviceOutOfMemoryException">The matrix does not fit the device.</exception>
    public static Tensor Build(
        DeviceSamples samples, long width, Func<Tensor, Tensor> features, DType forwardType, CancellationToken cancellation = default)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        samples.Images.Device.TrimCache();
        Tensor matrix = ShortSideFirst.Allocate(samples.Images.Device, samples.Count, width);
        int batch = (int)Math.Clamp(BatchBytes / (width * sizeof(double)), 1, 1000);
        for (int begin = 0; begin < samples.Count; begin += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope batchScope = new();
            Tensor images = samples.ImageRange(begin, Math.Min(batch, samples.Count - begin)).Cast(forwardType);
            ShortSideFirst.SetRows(matrix, samples.Count, begin, features(images));
        }

        return scope.Keep(matrix);
    }

    /// <summary>Rows of F in order, Float64, batch by batch; each is released as the next one is asked for.</summary>
    /// <param name="samples">The N samples.</param>
    /// <param name="features">Rows of F for a batch of images [B,C,H,W], the same each time.</param>
    /// <param name="forwardType">Type the forward pass is computed in.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public static IEnumerable<Tensor> Rows(
        DeviceSamples samples, Func<Tensor, Tensor> features, DType forwardType, CancellationToken cancellation = default)
    {
        const int batch = 250;
        for (int begin = 0; begin < samples.Count; begin += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using NoGradient noGradient = new();
            using TensorScope scope = new();
            yield return features(samples.ImageRange(begin, Math.Min(batch, samples.Count - begin)).Cast(forwardType)).Cast(DType.Float64);
        }
    }

    /// <summary>Device bytes of F[rows, columns] in Float64.</summary>
    public static long Bytes(long rows, long columns) => checked(rows * columns * sizeof(double));
}
