namespace CudaLandscape.Nn.Data;

/// <summary>MNIST, or any data set in the same four IDX files, from a local folder. Never downloads.</summary>
public static class Mnist
{
    /// <summary>What may follow a file's name.</summary>
    internal static readonly string[] Suffixes = ["", ".gz"];

    /// <summary>SHA-256 of the published files, unpacked.</summary>
    internal static IReadOnlyDictionary<string, string> Published { get; } = new Dictionary<string, string>
    {
        ["train-images-idx3-ubyte"] = "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ["train-labels-idx1-ubyte"] = "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ["t10k-images-idx3-ubyte"] = "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ["t10k-labels-idx1-ubyte"] = "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    };

    /// <summary>
    /// Loads both sets. Each of the four files may be plain or end in .gz (plain wins), and lie in the folder itself or
    /// in its MNIST/raw, where torchvision puts it, or its mnist. A set whose files have the published hashes is described as
    /// "MNIST (train)" or "MNIST (test)"; any other as
    /// "IDX files of FOLDER, not the published MNIST (SHA-256 differs) (train)" or the same with "(test)".
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The training and the test set, one channel, ten classes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="folder"/> is null.</exception>
    /// <exception cref="DataFileException">
    /// The folder or a file is missing or damaged, the image and label counts differ, or the two sets differ in size
    /// of image.
    /// </exception>
    public static (ImageSet Train, ImageSet Test) Load(string folder)
    {
        IReadOnlyDictionary<string, string> files = Find(folder);
        ImageSet train = LoadSet(folder, files, "train", "train");
        ImageSet test = LoadSet(folder, files, "t10k", "test");
        if ((train.Height, train.Width) == (test.Height, test.Width))
            return (train, test);

        throw new DataFileException(
            files["t10k-images-idx3-ubyte"], 8, "the test images differ in size from the training images",
            $"{test.Height} x {test.Width}", $"{train.Height} x {train.Width}", "Give files of one data set.");
    }

    /// <summary>The paths of the four files.</summary>
    /// <exception cref="DataFileException">The folder or a file is missing.</exception>
    internal static IReadOnlyDictionary<string, string> Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return DataFolder.Find(
            folder, Places(folder), Published.Keys, Suffixes, "Copy the missing files there, or give another folder.");
    }

    /// <summary>Where the files may lie below a data folder.</summary>
    internal static string[] Places(string folder) =>
        [folder, Path.Combine(folder, "MNIST", "raw"), Path.Combine(folder, "mnist")];

    private static ImageSet LoadSet(string folder, IReadOnlyDictionary<string, string> files, string prefix, string role)
    {
        string imageName = $"{prefix}-images-idx3-ubyte", labelName = $"{prefix}-labels-idx1-ubyte";
        IdxContent images = IdxFile.ReadImages(files[imageName]);
        IdxContent labels = IdxFile.ReadLabels(files[labelName]);
        CheckCounts(images, labels);
        bool published = images.Sha256 == Published[imageName] && labels.Sha256 == Published[labelName];
        string text = published
            ? $"MNIST ({role})"
            : $"IDX files of {folder}, not the published MNIST (SHA-256 differs) ({role})";
        string hash = ImageSet.HashOf(images.Header, images.Payload, labels.Header, labels.Payload);
        (int rows, int columns) = (images.Rows, images.Columns);
        return new ImageSet(
            images.Payload, labels.Payload, 1, rows, columns, IdxFile.ClassCount, text, hash, isReal: true);
    }

    private static void CheckCounts(IdxContent images, IdxContent labels)
    {
        if (images.Count == labels.Count)
            return;

        throw new DataFileException(
            labels.FileName, 4, $"the number of labels differs from the number of images in {images.FileName}",
            $"{labels.Count} labels", $"{images.Count}", "Give the image and label file of one set.");
    }
}
