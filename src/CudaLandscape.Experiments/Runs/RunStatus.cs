namespace CudaLandscape.Experiments.Runs;

/// <summary>How far a run has come; written to run.json in lower case.</summary>
internal enum RunStatus
{
    Running,
    Done,
    Failed,
    Interrupted,
}
