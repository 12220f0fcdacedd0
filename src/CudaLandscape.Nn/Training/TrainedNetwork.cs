using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Nn.Training;

/// <summary>One of several networks that train together.</summary>
/// <param name="Model">The network.</param>
/// <param name="Parameters">Its parameters, trained in place.</param>
/// <param name="Seed">Seed of its orders of samples.</param>
public sealed record TrainedNetwork(Module Model, ParameterSlab Parameters, ulong Seed);
