namespace CudaLandscape.KernelStudy;

/// <summary>When a measurement may end.</summary>
/// <param name="Noise">Largest standard deviation over mean.</param>
/// <param name="LeastSeconds">Least sum of the samples.</param>
/// <param name="MostSeconds">Most time for one measurement, flushing included.</param>
internal sealed record TimerSettings(double Noise = 0.005, double LeastSeconds = 0.1, double MostSeconds = 3);
