namespace CudaLandscape.Experiments.Tests.Iclr19;

/// <summary>One small run of Table 1 with every trained variant, shared by the tests that read its results.</summary>
public sealed class SkipTableRun : IDisposable
{
    public SkipTableRun() => Code = Session.Run(Arguments(Folder)).Code;

    public int Code { get; }

    public ScratchFolder Folder { get; } = new();

    public static string[] Arguments(ScratchFolder folder, string variants = "plain,skip-sgd,skip-rand", params string[] more) =>
    [
        "iclr19-table1", "--n", "20", "--test", "30", "--batch", "8", "--activations", "sigmoid", "--seeds", "3,4",
        "--variants", variants, "--out", folder.Root, .. more,
    ];

    public void Dispose() => Folder.Dispose();
}
