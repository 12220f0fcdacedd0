using CudaLandscape.Interop;

namespace CudaLandscape.Experiments.Tests.Table2;

/// <summary>One small run of the whole experiment, shared by the tests that read its results.</summary>
public sealed class TrainedRun : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public TrainedRun()
    {
        int before = LiveHandles.Count;
        Code = Session.Run(Arguments(_folder)).Code;
        HandlesLeft = LiveHandles.Count - before;
    }

    public int Code { get; }

    public int HandlesLeft { get; }

    public ScratchFolder Folder => _folder;

    public static string[] Arguments(ScratchFolder folder) =>
        ["table2", "--n", "200", "--t1", "1", "--epochs", "2", "--noise", "both", "--seed", "3", "--out", folder.Root];

    public void Dispose() => _folder.Dispose();
}
