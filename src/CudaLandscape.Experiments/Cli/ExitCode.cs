namespace CudaLandscape.Experiments.Cli;

/// <summary>Exit codes of the program.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>A defect of the program itself.</summary>
    Failure = 1,

    /// <summary>Options that make no sense, or a folder that cannot be written.</summary>
    Usage = 2,

    /// <summary>Data missing, damaged or too few.</summary>
    Data = 3,

    /// <summary>No such device, or it failed.</summary>
    Device = 4,

    /// <summary>Device memory is too small.</summary>
    OutOfMemory = 5,

    /// <summary>A result is not finite, or an iteration does not converge.</summary>
    Numeric = 6,

    /// <summary>A claim of a document does not hold, or a result that was checked again did not come out as it was kept.</summary>
    NotConfirmed = 7,

    /// <summary>Stopped by SIGTERM or SIGUSR1 with its state saved: the same command, or resume, goes on.</summary>
    Preempted = 75,

    /// <summary>Interrupted by Ctrl-C, with its state saved as well.</summary>
    Interrupted = 130,
}
