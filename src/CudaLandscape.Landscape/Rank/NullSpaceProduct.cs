using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Landscape.Rank;

/// <summary>
/// ‖F V‖₂ for orthonormal vectors V with the features of a layer made batch by batch and dropped again: by Courant and Fischer no more
/// than k - d singular values of F are above ‖F V‖ for d vectors, whatever they came from.
/// </summary>
public static class NullSpaceProduct
{
    private const int Batch = 250;

    // Vectors further from orthonormal than this show nothing.
    private const double MostSkew = 0.01;

    /// <summary>
    /// ‖F V‖₂ / σ_min(V) for F[N, width] with more rows than columns, else ‖Fᵀ V‖₂ / σ_min(V), with σ_min(V)² ≥ 1 - ‖VᵀV - I‖_F;
    /// infinite for vectors that are not orthonormal.
    /// </summary>
    /// <param name="samples">The N samples.</param>
    /// <param name="width">Neurons of the layer.</param>
    /// <param name="features">Rows of F for a batch of images [B,C,H,W].</param>
    /// <param name="forwardType">Type the forward pass is computed in.</param>
    /// <param name="vectors">V, vectors of min(N, width) numbers one after the other.</param>
    /// <param name="cancellation">Checked between batches.</param>
    /// <exception cref="ArgumentException">The numbers are no vectors of that length.</exception>
    public static double Norm(
        DeviceSamples samples, long width, Func<Tensor, Tensor> features, DType forwardType, double[] vectors,
        CancellationToken cancellation = default)
    {
        long k = Math.Min(samples.Count, width);
        if (vectors.Length == 0 || vectors.Length % k != 0)
            throw new ArgumentException($"vectors: expects vectors of {k} numbers one after the other, got {vectors.Length} numbers.");
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor v = Tensor.From<double>(samples.Images.Device, [vectors.Length / k, k], vectors, "V");
        double skew = Skew(v);
        if (!(skew <= MostSkew)) return double.PositiveInfinity;
        bool tall = samples.Count > width;
        Tensor sum = Tensor.Zeros(v.Device, [v.Shape[0], tall ? v.Shape[0] : width], DType.Float64);
        for (int begin = 0; begin < samples.Count; begin += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope batchScope = new();
            Tensor images = samples.ImageRange(begin, Math.Min(Batch, samples.Count - begin)).Cast(forwardType);
            Tensor rows = features(images).Cast(DType.Float64);
            sum.CopyFrom(sum + (tall ? Gram(rows.MatMul(v, transposeB: true)) : v.Slice(1, begin, begin + rows.Shape[0]).MatMul(rows)));
        }

        double squared = (tall ? sum : Gram(sum.Transpose())).SymmetricEigenvalues().ToArray<double>()[^1];
        return Math.Sqrt(Math.Max(0, squared) / (1 - skew));
    }

    private static Tensor Gram(Tensor image) => image.MatMul(image, transposeA: true);

    private static double Skew(Tensor v)
    {
        double[] products = v.MatMul(v, transposeB: true).ToArray<double>();
        int count = (int)v.Shape[0];
        for (int i = 0; i < count; i++) products[i * count + i] -= 1;
        return Math.Sqrt(products.Sum(x => x * x));
    }
}
