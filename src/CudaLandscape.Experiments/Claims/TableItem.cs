namespace CudaLandscape.Experiments.Claims;

/// <summary>An item that is a whole table of a paper, made by a command of its own and not by <c>claims</c>.</summary>
/// <param name="Item">Number among the claims' items.</param>
/// <param name="Statement">Which table it is, or what is claimed of it.</param>
/// <param name="Command">What makes it, as one types it.</param>
internal sealed record TableItem(int Item, string Statement, string Command)
{
    /// <summary>All of them, in the order of the items.</summary>
    public static IReadOnlyList<TableItem> All { get; } =
    [
        new(8, "Table 2 of ICML'18: loss, errors, ranks and smallest singular values of F1 and F3", "./build.sh run table2"),
        new(20, "Table 1 of ICLR'19: test accuracies of CNN13 on MNIST", "./build.sh run iclr19-table1"),
        new(21, "Table 2 of ICLR'19: test accuracies of VGG and DenseNet on CIFAR-10", "./build.sh run iclr19-table2"),
        new(23, "what ICLR'19 reads from its Tables 1 and 2: which networks skip connections help, and that random features get worse with depth",
            "./build.sh run iclr19-table1 and ./build.sh run iclr19-table2"),
    ];
}
