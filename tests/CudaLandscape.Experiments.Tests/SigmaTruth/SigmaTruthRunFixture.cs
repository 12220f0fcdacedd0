namespace CudaLandscape.Experiments.Tests.SigmaTruth;

/// <summary>
/// A whole run of sigma-truth on procedural digits. With weights of scale 0.002 the sigmoids are so nearly linear that F1, of 1400
/// images and 1352 columns, is deficient; with 0.1 it is not.
/// </summary>
public sealed class SigmaTruthRunFixture : IDisposable
{
    public SigmaTruthRunFixture() => Session = Session.Run(Arguments(Folder));

    public ScratchFolder Folder { get; } = new();

    internal Session Session { get; }

    public MetricsCsv Table => MetricsCsv.Parse(Folder.Read("table.csv"));

    public static string[] Arguments(ScratchFolder folder, params string[] more) =>
        ["sigma-truth", "--n", "1400", "--t1", "2", "--weight-scales", "0.002,0.1", "--epochs", "1", "--noise", "sd", "--out", folder.Root, .. more];

    public void Dispose() => Folder.Dispose();
}
