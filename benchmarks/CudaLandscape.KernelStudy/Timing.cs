namespace CudaLandscape.KernelStudy;

/// <summary>What a cold measurement found.</summary>
/// <param name="Milliseconds">Median time of one call.</param>
/// <param name="Noise">Standard deviation over mean, of the samples without the slowest tenth.</param>
/// <param name="Samples">Number of calls timed.</param>
/// <param name="Settled">Whether the noise came below the limit before the time ran out.</param>
internal sealed record Timing(double Milliseconds, double Noise, int Samples, bool Settled)
{
    /// <summary>The summary of samples; noise is judged without the slowest tenth, which other work of the machine makes.</summary>
    public static Timing Of(IReadOnlyCollection<double> samples, double limit)
    {
        double[] sorted = [.. samples.Order()];
        double[] kept = sorted[..Math.Max(1, sorted.Length * 9 / 10)];
        double mean = kept.Average();
        double deviation = Math.Sqrt(kept.Sum(x => (x - mean) * (x - mean)) / Math.Max(1, kept.Length - 1));
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        double noise = deviation / mean;
        return new Timing(median, noise, sorted.Length, kept.Length > 1 && noise <= limit);
    }
}
