using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>References of batch normalisation over the first axis and those after the second.</summary>
public static partial class Loops
{
    /// <summary>Mean and biased variance of every channel.</summary>
    public static (double[] Mean, double[] Variance) ChannelStatistics(HostArray x)
    {
        long channels = x.Shape[1];
        double[][] values = [.. Enumerable.Range(0, (int)channels).Select(c => x.Values.Where((_, i) => ChannelOf(x, i) == c).ToArray())];
        double[] mean = Array.ConvertAll(values, v => v.Sum() / v.Length);
        return (mean, [.. values.Select((v, c) => v.Sum(e => (e - mean[c]) * (e - mean[c])) / v.Length)]);
    }

    /// <summary>(x - mean) / √(variance + ε) · weight + bias.</summary>
    public static HostArray BatchNorm(HostArray x, double[] weight, double[] bias, double[] mean, double[] variance, double epsilon)
    {
        double[] y = new double[x.Values.Length];
        for (int i = 0; i < y.Length; i++)
        {
            long c = ChannelOf(x, i);
            y[i] = (x.Values[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon) * weight[c] + bias[c];
        }

        return x with { Values = y };
    }

    /// <summary>As <see cref="BatchNorm"/>, with the statistics of x itself.</summary>
    public static HostArray BatchNormTraining(HostArray x, double[] weight, double[] bias, double epsilon)
    {
        (double[] mean, double[] variance) = ChannelStatistics(x);
        return BatchNorm(x, weight, bias, mean, variance, epsilon);
    }

    private static long ChannelOf(HostArray x, long flat)
    {
        long area = x.Shape.Rank == 4 ? x.Shape[2] * x.Shape[3] : 1;
        return flat / area % x.Shape[1];
    }
}
