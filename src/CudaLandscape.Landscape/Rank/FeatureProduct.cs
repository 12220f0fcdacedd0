using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Landscape.Rank;

/// <summary>
/// ‖F v‖ / ‖v‖ with the features of a layer made batch by batch and dropped again: a check of a singular vector that needs no
/// large matrix and no factorisation.
/// </summary>
public static class FeatureProduct
{
    private const int Batch = 250;

    /// <summary>‖F v‖ / ‖v‖ for F[N, width] with more rows than columns, else ‖Fᵀ v‖ / ‖v‖; v has min(N, width) numbers.</summary>
    /// <param name="samples">The N samples.</param>
    /// <param name="width">Neurons of the layer.</param>
    /// <param name="features">Rows of F for a batch of images [B,C,H,W].</param>
    /// <param name="forwardType">Type the forward pass is computed in.</param>
    /// <param name="vector">v.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <exception cref="ArgumentException">v has another length, or is zero.</exception>
    public static double Norm(
        DeviceSamples samples, long width, Func<Tensor, Tensor> features, DType forwardType, double[] vector,
        CancellationToken cancellation = default)
    {
        double norm = Length(vector);
        if (vector.Length != Math.Min(samples.Count, width) || !(norm > 0) || !double.IsFinite(norm))
            throw new ArgumentException(
                $"vector: expects {Math.Min(samples.Count, width)} finite numbers that are not all zero, got {vector.Length} of norm {norm}.");
        using NoGradient noGradient = new();
        double[] product = new double[Math.Max(samples.Count, width)];
        for (int begin = 0; begin < samples.Count; begin += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            Tensor images = samples.ImageRange(begin, Math.Min(Batch, samples.Count - begin)).Cast(forwardType);
            Tensor rows = features(images).Cast(DType.Float64);
            if (samples.Count > width) Rows(rows, vector).CopyTo(product, begin);
            else Accumulate(product, rows, vector.AsSpan(begin, (int)rows.Shape[0]));
        }

        return Length(product) / norm;
    }

    private static double[] Rows(Tensor rows, double[] vector) =>
        rows.MatMul(Tensor.From<double>(rows.Device, [vector.Length, 1], vector, "v")).ToArray<double>();

    private static void Accumulate(double[] product, Tensor rows, ReadOnlySpan<double> weights)
    {
        double[] part = Tensor.From<double>(rows.Device, [1, weights.Length], weights, "v").MatMul(rows).ToArray<double>();
        for (int i = 0; i < part.Length; i++) product[i] += part[i];
    }

    private static double Length(double[] x) => Math.Sqrt(x.Sum(value => value * value));
}
