namespace CudaLandscape.KernelStudy.Tests;

/// <summary>Tests that use a device run one after another: scopes and gradient mode belong to the thread, memory to all.</summary>
[CollectionDefinition("device", DisableParallelization = true)]
public sealed class DeviceCollection;
