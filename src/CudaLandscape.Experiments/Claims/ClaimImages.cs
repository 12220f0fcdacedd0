using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Claims;

/// <summary>The training images of a run of claims, looked for when a claim first asks for some.</summary>
internal sealed class ClaimImages(string? dataFolder, RunFolder folder)
{
    private ImageSet? _images;

    /// <summary>What they are, for the page.</summary>
    public string Description { get; private set; } = "no images were needed";

    /// <summary>The first <paramref name="count"/> images.</summary>
    /// <exception cref="TooFewSamplesException">There are not so many.</exception>
    public ImageSet Take(int count)
    {
        if (_images is null || _images.Count < count) _images = Load(count);
        return _images.Take(count);
    }

    private ImageSet Load(int count)
    {
        try
        {
            ResolvedData data = DataSource.Resolve(dataFolder, folder.Log, count, testCount: 1);
            Description = $"{data.Train.Description}, SHA-256 {data.Train.Sha256[..12]}";
            folder.Set("data", new JsonObject { ["description"] = data.Description, ["train_sha256"] = data.Train.Sha256 });
            return data.Train;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException($"a claim needs {count} images: {e.Message}", e);
        }
    }
}
