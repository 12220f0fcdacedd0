namespace CudaLandscape.Interop;

/// <summary>The device or the libraries that were asked for cannot be had; the text says what was tried and the mend.
/// </summary>
public sealed class DeviceUnavailableException : Exception
{
    internal DeviceUnavailableException(string message)
        : this(message, [])
    {
    }

    internal DeviceUnavailableException(string message, IReadOnlyList<LibraryProbe> probes)
        : base(message) => Probes = probes;

    /// <summary>What was tried, in order; empty when the libraries were not the trouble.</summary>
    public IReadOnlyList<LibraryProbe> Probes { get; }
}
