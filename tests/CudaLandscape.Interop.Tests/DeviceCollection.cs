namespace CudaLandscape.Interop.Tests;

/// <summary>Tests that use the device run one after the other: they count live handles and inject faults.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DeviceCollection
{
    internal const string Name = "device";
}
