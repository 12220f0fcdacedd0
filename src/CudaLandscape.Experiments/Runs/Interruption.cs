using System.Runtime.InteropServices;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a cancelled token and an "interrupted" run.json, written at once. A native call cannot be
/// cancelled: when the work has not stopped after a grace period, or at a second signal, the process ends.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _source = new();
    private readonly RunFolder _folder;
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption(RunFolder folder)
    {
        _folder = folder;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        bool first = !_source.IsCancellationRequested;
        _folder.SetStatus(RunStatus.Interrupted, $"{context.Signal}");
        if (!first) Environment.Exit((int)Cli.ExitCode.Interrupted);
        _folder.Log("interrupted: stopping after the current step; what was measured is in metrics.csv");
        _ = Task.Delay(s_grace).ContinueWith(_ => Environment.Exit((int)Cli.ExitCode.Interrupted), TaskScheduler.Default);
        _source.Cancel();
    }
}
