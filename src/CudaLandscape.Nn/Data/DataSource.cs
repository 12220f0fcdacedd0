namespace CudaLandscape.Nn.Data;

/// <summary>
/// Decides which images an experiment runs on: the folder of --data, else the folder of the environment variable
/// CUDALANDSCAPE_DATA, else procedural digits. A folder that was named but cannot be used is an error.
/// </summary>
public static class DataSource
{
    /// <summary>Environment variable that names the data folder.</summary>
    public const string Variable = "CUDALANDSCAPE_DATA";

    /// <summary>Size of the procedural training set.</summary>
    public const int ProceduralTrainCount = 60000;

    /// <summary>Size of the procedural test set.</summary>
    public const int ProceduralTestCount = 10000;

    /// <summary>Seed of the procedural training set.</summary>
    public const ulong ProceduralTrainSeed = 1;

    /// <summary>Seed of the procedural test set.</summary>
    public const ulong ProceduralTestSeed = 2;

    private const string ProceduralText = "procedural digits (no data set found)";

    /// <summary>Resolves both sets in full.</summary>
    /// <param name="dataOption">Value of --data, or null when it was not given.</param>
    /// <param name="log">Receives one line on where the data come from.</param>
    /// <returns>The sets and a one-line description.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="log"/> is null.</exception>
    /// <exception cref="DataFileException">A named folder is missing, incomplete or damaged.</exception>
    public static ResolvedData Resolve(string? dataOption, Action<string> log) => Resolve(dataOption, log, null, null);

    /// <summary>Resolves the first images of each set; procedural digits are generated only as far as needed.</summary>
    /// <param name="dataOption">Value of --data, or null when it was not given.</param>
    /// <param name="log">Receives one line on where the data come from.</param>
    /// <param name="trainCount">Training images wanted, at least 1.</param>
    /// <param name="testCount">Test images wanted, at least 1.</param>
    /// <returns>The sets, cut to size, and a one-line description.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="log"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1 or larger than the set.</exception>
    /// <exception cref="DataFileException">A named folder is missing, incomplete or damaged.</exception>
    public static ResolvedData Resolve(string? dataOption, Action<string> log, int trainCount, int testCount) =>
        Resolve(dataOption, log, (int?)trainCount, testCount);

    /// <summary>The folder that the search order names, or null for procedural digits.</summary>
    /// <param name="dataOption">Value of --data; null when not given. Empty text counts as given.</param>
    /// <param name="environmentValue">Value of CUDALANDSCAPE_DATA; null or blank when not set.</param>
    /// <returns>A folder (not looked at), or null.</returns>
    public static string? ChooseFolder(string? dataOption, string? environmentValue) =>
        dataOption ?? (string.IsNullOrWhiteSpace(environmentValue) ? null : environmentValue);

    private static ResolvedData Resolve(string? dataOption, Action<string> log, int? trainCount, int? testCount)
    {
        ArgumentNullException.ThrowIfNull(log);
        string? folder = ChooseFolder(dataOption, Environment.GetEnvironmentVariable(Variable));
        (ImageSet train, ImageSet test) = folder is null
            ? Procedural(trainCount ?? ProceduralTrainCount, testCount ?? ProceduralTestCount)
            : Real(folder, trainCount, testCount);
        string origin = folder is null ? $"neither --data nor {Variable} given"
            : $"{folder}, named by {(dataOption is null ? Variable : "--data")}";
        ResolvedData data = new(train, test, Describe(train, test));
        log($"data: {data.Description} [{origin}]");
        return data;
    }

    private static (ImageSet Train, ImageSet Test) Real(string folder, int? trainCount, int? testCount)
    {
        (ImageSet train, ImageSet test) = Mnist.Load(folder);
        return (Part(train, trainCount, nameof(trainCount)), Part(test, testCount, nameof(testCount)));
    }

    private static ImageSet Part(ImageSet set, int? count, string parameter)
    {
        ImageSet.CheckTake(count ?? set.Count, set.Count, set.Description, parameter);
        return set.Take(count ?? set.Count);
    }

    private static (ImageSet Train, ImageSet Test) Procedural(int trainCount, int testCount)
    {
        const string train = ProceduralText + " (train)", test = ProceduralText + " (test)";
        ImageSet.CheckTake(trainCount, ProceduralTrainCount, train, nameof(trainCount));
        ImageSet.CheckTake(testCount, ProceduralTestCount, test, nameof(testCount));
        return (
            ProceduralDigits.Generate(trainCount, ProceduralTrainSeed, train),
            ProceduralDigits.Generate(testCount, ProceduralTestSeed, test));
    }

    private static string Describe(ImageSet train, ImageSet test) =>
        $"{Describe(train)}; {Describe(test)}; {train.Channels} x {train.Height} x {train.Width} pixels";

    private static string Describe(ImageSet set) =>
        $"{set.Description}: {set.Count} images, SHA-256 {set.Sha256[..12]}";
}
