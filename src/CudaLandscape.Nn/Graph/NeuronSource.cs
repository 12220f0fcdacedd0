namespace CudaLandscape.Nn.Graph;

/// <summary>Neurons of one node of a graph, in the order of its output [C,H,W] or [n].</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="First">Position of the first of them in one sample's output.</param>
/// <param name="Count">How many, one after the other.</param>
public readonly record struct NeuronSource(string Node, long First, long Count);
