namespace CudaLandscape.Nn.Data.Download;

/// <summary>A data set as it is published: what to fetch, what that unpacks to, and where a user may have it already.</summary>
/// <param name="Title">Its name in messages.</param>
/// <param name="Folder">Where downloads go, below the data folder.</param>
/// <param name="Files">The packed files.</param>
/// <param name="ArchiveFolder">The folder within tar archives, and below <paramref name="Folder"/>; null for files of gzip alone.</param>
/// <param name="IgnoredEntries">Entries of a tar archive that are passed over.</param>
/// <param name="Locate">The path of a file of that name below a data folder, packed or unpacked; null when it is missing.</param>
public sealed record RemoteDataSet(
    string Title, string Folder, IReadOnlyList<RemoteFile> Files, string? ArchiveFolder, IReadOnlyList<string> IgnoredEntries,
    Func<string, string, string?> Locate)
{
    /// <summary>MNIST from PyTorch's and TensorFlow's mirrors; the files stay packed.</summary>
    public static RemoteDataSet Mnist { get; } = new(
        "MNIST", "mnist",
        [
            Gzip("train-images-idx3-ubyte", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 47_040_016),
            Gzip("train-labels-idx1-ubyte", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 60_008),
            Gzip("t10k-images-idx3-ubyte", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 7_840_016),
            Gzip("t10k-labels-idx1-ubyte", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 10_008),
        ],
        null, [], (root, name) => DataFolder.Locate(Data.Mnist.Places(root), name, Data.Mnist.Suffixes));

    /// <summary>CIFAR-10's binary version from the University of Toronto.</summary>
    public static RemoteDataSet Cifar10 { get; } = new(
        "CIFAR-10", "cifar10",
        [
            new RemoteFile(
                "cifar-10-binary.tar.gz", 170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                [new Uri("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz")],
                [.. Data.Cifar10.Published.Select(file =>
                    new UnpackedFile(file.Key, (long)Data.Cifar10.RecordsPerFile * Cifar10File.RecordBytes, file.Value))]),
        ],
        Data.Cifar10.ArchiveFolder, ["batches.meta.txt", "readme.html"],
        (root, name) => DataFolder.Locate(Data.Cifar10.Places(root), name, [""]));

    /// <summary>The data set of that kind.</summary>
    public static RemoteDataSet Of(DataSetKind kind) => kind == DataSetKind.Mnist ? Mnist : Cifar10;

    private static RemoteFile Gzip(string name, long bytes, string sha256, long unpackedBytes) => new(
        name + ".gz", bytes, sha256,
        [
            new Uri($"https://ossci-datasets.s3.amazonaws.com/mnist/{name}.gz"),
            new Uri($"https://storage.googleapis.com/cvdf-datasets/mnist/{name}.gz"),
        ],
        [new UnpackedFile(name, unpackedBytes, Data.Mnist.Published[name])]);
}
