using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>What Tables 1 and 2 of the paper differ in.</summary>
/// <param name="Command">Name of the command and of the experiment in run.json.</param>
/// <param name="Title">For the head of the table.</param>
/// <param name="Data">The data set.</param>
/// <param name="Networks">The table's networks in order.</param>
/// <param name="Samples">Training samples, and as many skip connections.</param>
/// <param name="HasAugmentation">Whether the table has columns with augmentation.</param>
internal sealed record SkipTable(
    string Command, string Title, DataSetKind Data, IReadOnlyList<string> Networks, int Samples, bool HasAugmentation)
{
    /// <summary>Epochs of every training in the paper.</summary>
    public const int Epochs = 300;

    /// <summary>Table 1: CNN13 on MNIST.</summary>
    public static SkipTable One { get; } = new("iclr19-table1", "ICLR'19 Table 1", DataSetKind.Mnist, ["cnn13"], 55000, false);

    /// <summary>Table 2: four networks on CIFAR-10.</summary>
    public static SkipTable Two { get; } =
        new("iclr19-table2", "ICLR'19 Table 2", DataSetKind.Cifar10, ["vgg11", "vgg13", "vgg16", "densenet121"], 50000, true);
}
