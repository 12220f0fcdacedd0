using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Rank;

/// <summary>
/// How much every feature of a layer varies over the samples, the features made batch by batch and dropped again. A feature that hardly
/// varies is that of a unit which is saturated for every sample. Of c columns of N numbers with deviations below δ, c - 1 singular values
/// of the matrix are at most δ √(c N): the columns are multiples of the ones up to a matrix of that norm.
/// </summary>
public static class ColumnDeviation
{
    /// <summary>The standard deviation of every column of F[N, width]: √(Σ d²/N - (Σ d/N)²), d from the first row, so that no digits go to the mean.</summary>
    /// <param name="samples">The N samples.</param>
    /// <param name="width">Neurons of the layer.</param>
    /// <param name="features">Rows of F for a batch of images [B,C,H,W].</param>
    /// <param name="forwardType">Type the forward pass is computed in.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public static double[] Of(
        DeviceSamples samples, long width, Func<Tensor, Tensor> features, DType forwardType, CancellationToken cancellation = default)
    {
        double[] sums = new double[width], squares = new double[width];
        double[]? first = null;
        foreach (Tensor rows in FeatureMatrix.Rows(samples, features, forwardType, cancellation))
        {
            double[] values = rows.ToArray<double>();
            first ??= values[..(int)width];
            for (int begin = 0; begin < values.Length; begin += first.Length) Add(values.AsSpan(begin, first.Length), first, sums, squares);
        }

        double n = samples.Count;
        return [.. sums.Zip(squares, (sum, square) => Math.Sqrt(Math.Max(0, square / n - sum / n * (sum / n))))];
    }

    private static void Add(ReadOnlySpan<double> row, double[] first, double[] sums, double[] squares)
    {
        for (int i = 0; i < row.Length; i++)
        {
            double d = row[i] - first[i];
            sums[i] += d;
            squares[i] += d * d;
        }
    }
}
