using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Checkpoints;

/// <summary>A tensor that training changes, with the name it has in a checkpoint.</summary>
/// <param name="Name">Unique within the state: <c>conv1.weight</c>, <c>optimizer.m.conv1.weight</c>.</param>
/// <param name="Value">The tensor.</param>
public readonly record struct StateTensor(string Name, Tensor Value);
