using System.Globalization;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>One network on one set of images.</summary>
/// <param name="Noise">Reading of the noise on the images.</param>
/// <param name="Samples">N, the first images of the training set.</param>
/// <param name="Scale">Standard deviation of random weights and biases; null for trained ones.</param>
/// <param name="T1">Filters of the first layer.</param>
internal sealed record SigmaTruthCell(NoiseReading Noise, int Samples, double? Scale, int T1)
{
    /// <summary>n1, the columns of F1.</summary>
    public long Width => 676L * T1;

    /// <summary>The weights in a word or two.</summary>
    public string Weights => Scale is { } scale ? string.Create(CultureInfo.InvariantCulture, $"random {scale}") : "trained";

    /// <summary>Its folder in a run.</summary>
    public string Name => $"{Table2Settings.Name(Noise)}_n-{Samples}_{Weights.Replace(' ', '-')}_t1-{T1}";
}
