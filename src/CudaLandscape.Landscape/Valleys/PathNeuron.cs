namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// A neuron joined to the outputs and the one path that its construction leaves it: g(x) = φ(… φ(⟨a, x⟩)), with
/// <paramref name="Depth"/> hidden neurons of weight 1 and bias 0 on the way, which keep the order of the samples. The neuron itself
/// is φ(α g(x) + b).
/// </summary>
/// <param name="Filter">a, of the length of the samples.</param>
/// <param name="Depth">Hidden neurons below it; 0 in the first hidden layer.</param>
/// <param name="Through">An earlier joined neuron at the path's end in place of a and the depth; null for a path without any.</param>
public sealed record PathNeuron(double[] Filter, int Depth = 0, int? Through = null);
