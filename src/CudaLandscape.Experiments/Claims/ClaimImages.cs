using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Claims;

/// <summary>
/// The images of a run of claims, looked for when a claim first asks for some. A named folder must hold MNIST when digits
/// are needed; where it holds no CIFAR-10, procedural shapes take its place and the page says so.
/// </summary>
internal sealed class ClaimImages(string? dataFolder, RunFolder folder, DataSetKind kind = DataSetKind.Mnist)
{
    private ImageSet? _images, _tests;

    /// <summary>What they are, for the page.</summary>
    public string Description { get; private set; } = "no images were needed";

    /// <summary>True when a claim asked for some.</summary>
    public bool WereNeeded => _images is not null;

    /// <summary>The first <paramref name="count"/> images.</summary>
    /// <exception cref="TooFewSamplesException">There are not so many.</exception>
    public ImageSet Take(int count)
    {
        if (_images is null || _images.Count < count) _images = Load(count);
        return _images.Take(count);
    }

    /// <summary>The first <paramref name="count"/> images of the test set.</summary>
    /// <exception cref="TooFewSamplesException">There are not so many.</exception>
    public ImageSet TakeTest(int count)
    {
        if (_tests is null || _tests.Count < count) _tests = LoadTests(count);
        return _tests.Take(count);
    }

    private ImageSet LoadTests(int count)
    {
        try
        {
            ImageSet tests = DataSource.Resolve(dataFolder, folder.Log, trainCount: 1, count, kind).Test;
            folder.Set("test_data", new JsonObject { ["description"] = tests.Description, ["test_sha256"] = tests.Sha256 });
            return tests;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException($"a claim needs {count} test images", e);
        }
    }

    private ImageSet Load(int count)
    {
        try
        {
            ImageSet images = kind == DataSetKind.Mnist ? Resolve(count) : ResolveOrShapes(count);
            Description = $"{images.Description}, SHA-256 {images.Sha256[..12]}";
            JsonObject record = new() { ["description"] = images.Description, ["train_sha256"] = images.Sha256 };
            folder.Set(kind == DataSetKind.Mnist ? "data" : "colour_data", record);
            return images;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException($"a claim needs {count} images", e);
        }
    }

    private ImageSet Resolve(int count) => DataSource.Resolve(dataFolder, folder.Log, count, testCount: 1, kind).Train;

    private ImageSet ResolveOrShapes(int count)
    {
        try
        {
            return Resolve(count);
        }
        catch (DataFileException e)
        {
            folder.Log($"procedural shapes in place of CIFAR-10: {e.Message}");
            return ProceduralShapes.Generate(count, DataSource.ProceduralTrainSeed);
        }
    }
}
