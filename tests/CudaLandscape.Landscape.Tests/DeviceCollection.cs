namespace CudaLandscape.Landscape.Tests;

/// <summary>Tests that use a device run one after another.</summary>
[CollectionDefinition("device", DisableParallelization = true)]
public sealed class DeviceCollection;
