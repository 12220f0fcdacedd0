using System.Runtime.InteropServices;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Runs;

/// <summary>
/// Turns Ctrl-C, SIGTERM and SIGUSR1 into a cancelled token and an "interrupted" run.json, written at once; training then saves
/// its state and stops. A native call cannot be cancelled: when the work has not stopped after a grace period, or at a second
/// signal, the process ends, and what was saved before is what a later run goes on from.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // The runtime takes raw numbers for signals it has no name for; Linux's, and macOS' and the BSDs'.
    private static readonly PosixSignal s_user1 = (PosixSignal)(OperatingSystem.IsLinux() ? 10 : 30);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _source = new();
    private readonly RunFolder _folder;
    private readonly bool _resumable;
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="folder">The run's folder.</param>
    /// <param name="resumable">Whether <c>resume</c> can go on with the run.</param>
    public Interruption(RunFolder folder, bool resumable = true)
    {
        (_folder, _resumable) = (folder, resumable);
        PosixSignal[] signals = OperatingSystem.IsWindows()
            ? [PosixSignal.SIGINT, PosixSignal.SIGTERM]
            : [PosixSignal.SIGINT, PosixSignal.SIGTERM, s_user1];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What the program answers after the signal that came; null when none came.</summary>
    public ExitCode? Code { get; private set; }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        bool first = !_source.IsCancellationRequested;
        ExitCode code = context.Signal == PosixSignal.SIGINT ? ExitCode.Interrupted : ExitCode.Preempted;
        Code ??= code;
        _folder.TrySetStatus(RunStatus.Interrupted, Name(context.Signal));
        if (!first) Environment.Exit((int)code);
        string next = _resumable ? $"{ProgramName.Command("resume", _folder.FullPath)} goes on" : $"what was computed is in {_folder.FullPath}";
        _folder.Log($"{Name(context.Signal)}: stopping after the current step; {next}");
        _ = Task.Delay(s_grace).ContinueWith(_ => Environment.Exit((int)code), TaskScheduler.Default);
        _source.Cancel();
    }

    private static string Name(PosixSignal signal) => signal == s_user1 ? "SIGUSR1" : $"{signal}";
}
