namespace CudaLandscape.Experiments.Tests;

/// <summary>Tests that use a device, the console or the environment run one after another.</summary>
[CollectionDefinition("device", DisableParallelization = true)]
public sealed class DeviceCollection;
