namespace CudaLandscape.KernelStudy;

/// <summary>Exit codes, those of the main program where the meaning is the same.</summary>
internal static class ExitCodes
{
    public const int Done = 0, Usage = 2, Device = 4, OutOfMemory = 5, Wrong = 7;
}
