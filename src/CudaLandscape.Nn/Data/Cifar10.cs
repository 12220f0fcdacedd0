namespace CudaLandscape.Nn.Data;

/// <summary>
/// CIFAR-10 (Krizhevsky, 2009) in its binary layout, from a local folder: data_batch_1.bin … data_batch_5.bin and
/// test_batch.bin, 10000 records each. Never downloads.
/// </summary>
public static class Cifar10
{
    /// <summary>Image height and width in pixels.</summary>
    public const int Side = 32;

    /// <summary>Red, green, blue.</summary>
    public const int Channels = 3;

    /// <summary>Number of classes.</summary>
    public const int ClassCount = 10;

    /// <summary>Records of a file.</summary>
    public const int RecordsPerFile = 10000;

    private const string TestFile = "test_batch.bin";

    /// <summary>The folder that the published archive unpacks to.</summary>
    internal const string ArchiveFolder = "cifar-10-batches-bin";

    private static readonly string[] s_trainFiles = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")];

    /// <summary>SHA-256 of the published files.</summary>
    internal static IReadOnlyDictionary<string, string> Published { get; } = new Dictionary<string, string>
    {
        ["data_batch_1.bin"] = "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
        ["data_batch_2.bin"] = "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
        ["data_batch_3.bin"] = "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
        ["data_batch_4.bin"] = "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
        ["data_batch_5.bin"] = "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
        [TestFile] = "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
    };

    /// <summary>Names of the classes, by label.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>
    /// Loads both sets. The six files may lie in the folder itself, in its cifar10 or in a cifar-10-batches-bin within either. A set whose
    /// files have the published hashes is described as "CIFAR-10 (train)" or "CIFAR-10 (test)"; any other as
    /// "CIFAR-10 layout in FOLDER, not the published files (SHA-256 differs) (train)" or the same with "(test)".
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>50000 training and 10000 test images of 3 x 32 x 32, ten classes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="folder"/> is null.</exception>
    /// <exception cref="DataFileException">The folder or a file is missing or damaged.</exception>
    public static (ImageSet Train, ImageSet Test) Load(string folder) => Load(folder, RecordsPerFile);

    /// <summary>Loads files of another number of records.</summary>
    internal static (ImageSet Train, ImageSet Test) Load(string folder, int recordsPerFile)
    {
        IReadOnlyDictionary<string, string> files = Find(folder);
        return (LoadSet(folder, files, s_trainFiles, "train", recordsPerFile), LoadSet(folder, files, [TestFile], "test", recordsPerFile));
    }

    /// <summary>The paths of the six files.</summary>
    /// <exception cref="DataFileException">The folder or a file is missing.</exception>
    internal static IReadOnlyDictionary<string, string> Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return DataFolder.Find(folder, Places(folder), Published.Keys, [""], Advice(folder));
    }

    /// <summary>Where the files may lie below a data folder.</summary>
    internal static string[] Places(string folder)
    {
        string own = Path.Combine(folder, "cifar10");
        return [folder, Path.Combine(folder, ArchiveFolder), own, Path.Combine(own, ArchiveFolder)];
    }

    private static string Advice(string folder)
    {
        string python = Path.Combine(folder, "cifar-10-batches-py");
        return Directory.Exists(python)
            ? $"{python} is the version for Python, whose files (pickles) can run programs and are not read; get cifar-10-binary.tar.gz."
            : "Copy the missing files there, or give another folder.";
    }

    private static ImageSet LoadSet(
        string folder, IReadOnlyDictionary<string, string> files, string[] names, string role, int recordsPerFile)
    {
        int count = names.Length * recordsPerFile;
        byte[] pixels = DataFiles.Allocate(folder, (long)count * Cifar10File.ImageBytes, 0), labels = new byte[count];
        bool published = true;
        for (int i = 0; i < names.Length; i++)
        {
            int first = i * recordsPerFile;
            string hash = Cifar10File.Read(
                files[names[i]], labels.AsSpan(first, recordsPerFile),
                pixels.AsSpan(first * Cifar10File.ImageBytes, recordsPerFile * Cifar10File.ImageBytes));
            published &= hash == Published[names[i]];
        }

        string text = published ? $"CIFAR-10 ({role})" : $"CIFAR-10 layout in {folder}, not the published files (SHA-256 differs) ({role})";
        return new ImageSet(
            pixels, labels, Channels, Side, Side, ClassCount, text, ImageSet.HashOf(pixels, labels), isReal: true);
    }
}
