using System.Text.Json;
using CudaLandscape.Landscape.Layers;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>Assumption 3.1 on a set of images: patches that two of them share, before the noise and under both readings of it.</summary>
/// <param name="Before">Images as they are.</param>
/// <param name="Variance">After noise of variance 1e-5.</param>
/// <param name="Deviation">After noise of standard deviation 1e-5.</param>
internal sealed record PatchSurvey(PatchCollisions Before, PatchCollisions Variance, PatchCollisions Deviation)
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true };

    /// <summary>Compares the 3x3 patches of images; <paramref name="upload"/> gives them with the noise of a reading.</summary>
    public static PatchSurvey Of(ImageSet images, Func<NoiseReading, DeviceSamples> upload)
    {
        PatchLayer layer = PatchLayer.Image(images.Channels, images.Height, images.Width, 3);
        return new PatchSurvey(
            PatchCollisions.Count(Array.ConvertAll(images.Pixels, p => (float)p), layer),
            After(NoiseReading.Variance), After(NoiseReading.StandardDeviation));

        PatchCollisions After(NoiseReading reading)
        {
            using DeviceSamples samples = upload(reading);
            return PatchCollisions.Count(samples.Images.ToArray<float>(), layer);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, s_options) + "\n";

    /// <exception cref="JsonException">The text is no survey.</exception>
    public static PatchSurvey FromJson(string text) =>
        JsonSerializer.Deserialize<PatchSurvey>(text, s_options) ?? throw new JsonException("It is null.");
}
