namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>How the paper's "Gaussian noise N(0, 1e-5)" is read.</summary>
internal enum NoiseReading
{
    /// <summary>1e-5 is the variance: standard deviation 3.16e-3. The usual meaning of N(μ, σ²).</summary>
    Variance,

    /// <summary>1e-5 is the standard deviation.</summary>
    StandardDeviation,
}
