namespace CudaLandscape.Nn.Data;

/// <summary>
/// Decides which images an experiment runs on: the folder of --data, else the folder of the environment variable
/// CUDALANDSCAPE_DATA, else what was downloaded (<see cref="DataCache"/>), else procedural images. A folder that was named but
/// cannot be used is an error.
/// </summary>
public static class DataSource
{
    /// <summary>Environment variable that names the data folder.</summary>
    public const string Variable = "CUDALANDSCAPE_DATA";

    /// <summary>Size of the procedural training set in place of MNIST.</summary>
    public const int ProceduralTrainCount = 60000;

    /// <summary>Size of the procedural test sets.</summary>
    public const int ProceduralTestCount = 10000;

    /// <summary>Seed of the procedural training sets.</summary>
    public const ulong ProceduralTrainSeed = 1;

    /// <summary>Seed of the procedural test sets.</summary>
    public const ulong ProceduralTestSeed = 2;

    /// <summary>Resolves both sets in full.</summary>
    /// <param name="dataOption">Value of --data, or null when it was not given.</param>
    /// <param name="log">Receives one line on where the data come from.</param>
    /// <param name="kind">The data set wanted.</param>
    /// <returns>The sets and a one-line description.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="log"/> is null.</exception>
    /// <exception cref="DataFileException">A named folder is missing, incomplete or damaged.</exception>
    public static ResolvedData Resolve(string? dataOption, Action<string> log, DataSetKind kind = DataSetKind.Mnist) =>
        Resolve(dataOption, log, null, null, kind);

    /// <summary>Resolves the first images of each set; procedural images are generated only as far as needed.</summary>
    /// <param name="dataOption">Value of --data, or null when it was not given.</param>
    /// <param name="log">Receives one line on where the data come from.</param>
    /// <param name="trainCount">Training images wanted, at least 1; null for all.</param>
    /// <param name="testCount">Test images wanted, at least 1; null for all, however many there are.</param>
    /// <param name="kind">The data set wanted.</param>
    /// <returns>The sets, cut to size, and a one-line description.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="log"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1 or larger than the set.</exception>
    /// <exception cref="DataFileException">A named folder is missing, incomplete or damaged.</exception>
    public static ResolvedData Resolve(
        string? dataOption, Action<string> log, int? trainCount, int? testCount, DataSetKind kind = DataSetKind.Mnist)
    {
        ArgumentNullException.ThrowIfNull(log);
        string? named = ChooseFolder(dataOption, Environment.GetEnvironmentVariable(Variable));
        string? folder = named ?? Downloaded(kind, DataCache.Folder);
        (ImageSet train, ImageSet test) = folder is null
            ? Procedural(kind, trainCount, testCount)
            : Real(kind, folder, trainCount, testCount);
        string origin = folder is null ? $"neither --data nor {Variable} given, nothing downloaded"
            : named is null ? $"{folder}, downloaded"
            : $"{folder}, named by {(dataOption is null ? Variable : "--data")}";
        ResolvedData data = new(train, test, Describe(train, test));
        log($"data: {data.Description} [{origin}]");
        return data;
    }

    /// <summary>The folder that the user named, or null.</summary>
    /// <param name="dataOption">Value of --data; null when not given. Empty text counts as given.</param>
    /// <param name="environmentValue">Value of CUDALANDSCAPE_DATA; null or blank when not set.</param>
    /// <returns>A folder (not looked at), or null.</returns>
    public static string? ChooseFolder(string? dataOption, string? environmentValue) =>
        dataOption ?? (string.IsNullOrWhiteSpace(environmentValue) ? null : environmentValue);

    /// <summary>The cache folder when it holds every file of a data set, else null.</summary>
    internal static string? Downloaded(DataSetKind kind, string? cache)
    {
        if (!Directory.Exists(cache)) return null;
        try
        {
            _ = kind == DataSetKind.Mnist ? Mnist.Find(cache) : Cifar10.Find(cache);
            return cache;
        }
        catch (DataFileException)
        {
            return null; // not downloaded, or only in part
        }
    }

    private static (ImageSet Train, ImageSet Test) Real(DataSetKind kind, string folder, int? trainCount, int? testCount)
    {
        (ImageSet train, ImageSet test) = kind == DataSetKind.Mnist ? Mnist.Load(folder) : Cifar10.Load(folder);
        return (Part(train, trainCount, nameof(trainCount)), Part(test, testCount, nameof(testCount)));
    }

    private static ImageSet Part(ImageSet set, int? count, string parameter)
    {
        ImageSet.CheckTake(count ?? set.Count, set.Count, set.Description, parameter);
        return set.Take(count ?? set.Count);
    }

    private static (ImageSet Train, ImageSet Test) Procedural(DataSetKind kind, int? trainCount, int? testCount)
    {
        string text = $"procedural {(kind == DataSetKind.Mnist ? "digits" : "shapes")} (no data set found)";
        int trainLimit = kind == DataSetKind.Mnist ? ProceduralTrainCount : 5 * Cifar10.RecordsPerFile;
        return (
            Generate(trainCount ?? trainLimit, trainLimit, ProceduralTrainSeed, $"{text} (train)", nameof(trainCount)),
            Generate(testCount ?? ProceduralTestCount, ProceduralTestCount, ProceduralTestSeed, $"{text} (test)", nameof(testCount)));

        ImageSet Generate(int count, int limit, ulong seed, string description, string parameter)
        {
            ImageSet.CheckTake(count, limit, description, parameter);
            return kind == DataSetKind.Mnist
                ? ProceduralDigits.Generate(count, seed, description)
                : ProceduralShapes.Generate(count, seed, description);
        }
    }

    private static string Describe(ImageSet train, ImageSet test) =>
        $"{Describe(train)}; {Describe(test)}; {train.Channels} x {train.Height} x {train.Width} pixels";

    private static string Describe(ImageSet set) =>
        $"{set.Description}: {set.Count} images, SHA-256 {set.Sha256[..12]}";
}
