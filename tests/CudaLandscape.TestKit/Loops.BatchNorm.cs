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

    /// <summary>
    /// Gradients of x, weight and bias, one after the other, for an activation of the batch's normalisation with slope σ'(z):
    /// with dz = dy σ'(z), u = (x - mean) / s and s = √(variance + ε) they are weight / s (dz - mean of dz - u · mean of dz u),
    /// Σ dz u and Σ dz; zero for the channels of x that do not take part.
    /// </summary>
    public static HostArray BatchNormGradients(
        HostArray x, double[] weight, double[] bias, HostArray dy, Func<double, double> slope, double epsilon)
    {
        HostArray used = FirstChannels(x, weight.Length);
        (double[] mean, double[] variance) = ChannelStatistics(used);
        long perChannel = used.Values.Length / weight.Length;
        double[] u = new double[used.Values.Length], dz = new double[u.Length], dWeight = new double[weight.Length], dBias = new double[weight.Length];
        for (int i = 0; i < u.Length; i++)
        {
            long c = ChannelOf(used, i);
            u[i] = (used.Values[i] - mean[c]) / Math.Sqrt(variance[c] + epsilon);
            dz[i] = dy.Values[i] * slope(u[i] * weight[c] + bias[c]);
            dWeight[c] += dz[i] * u[i];
            dBias[c] += dz[i];
        }

        int next = 0;
        IEnumerable<double> dx = x.Values.Select((_, i) => ChannelOf(x, i) < weight.Length ? Of(next++) : 0).ToArray();
        double[] all = [.. dx, .. dWeight, .. dBias];
        return new HostArray([all.Length], all);

        double Of(int i)
        {
            long c = ChannelOf(used, i);
            return weight[c] / Math.Sqrt(variance[c] + epsilon) * (dz[i] - dBias[c] / perChannel - u[i] * dWeight[c] / perChannel);
        }
    }

    /// <summary>x[:, ..channels].</summary>
    public static HostArray FirstChannels(HostArray x, long channels) => x with
    {
        Shape = x.Shape.With(1, channels),
        Values = [.. x.Values.Where((_, i) => ChannelOf(x, i) < channels)],
    };

    private static long ChannelOf(HostArray x, long flat)
    {
        long area = x.Shape.Rank == 4 ? x.Shape[2] * x.Shape[3] : 1;
        return flat / area % x.Shape[1];
    }
}
