namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>How the numbers of a feature matrix come about; the rank is always taken in float64.</summary>
internal enum FeatureKind
{
    /// <summary>Convolution and sigmoid in float64.</summary>
    Float64,

    /// <summary>Computed in float64, then rounded to float32.</summary>
    Stored,

    /// <summary>Convolution and sigmoid in float32.</summary>
    Float32,

    /// <summary>The control: float64 features plus independent Gaussian noise with the standard deviation of float32's error.</summary>
    Gaussian,
}
