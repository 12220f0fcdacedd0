using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// The backward paths that ICLR'19, Assumption 3.1 (2), asks for where the neurons joined to the outputs are softplus: from such a
/// neuron p to the first hidden layer, through hidden neurons none of which is joined to the outputs or shares weights with a neuron
/// that is. p itself may share its weights with others that are joined, as all neurons of a convolution's map do: the proof scales the
/// weights of all joined neurons by one factor that goes to infinity, and needs that nothing on their paths below changes with it. A
/// neuron of the first hidden layer needs nothing.
/// <para>
/// Found by one pass over the graph, forward from the input: a place is open when it is the input, or a neuron that may lie on a path
/// and reads an open place. Only channels and windows are looked at, so the cost is that of the neurons, not of their weights.
/// </para>
/// </summary>
/// <param name="Neurons">Neurons joined to the outputs, N.</param>
/// <param name="Missing">Those of them without such a path.</param>
/// <param name="MissingByNode">The same by the node whose output they are.</param>
public sealed record BackwardPaths(int Neurons, int Missing, IReadOnlyDictionary<string, int> MissingByNode)
{
    /// <summary>True when every neuron has a path.</summary>
    public bool All => Missing == 0;

    /// <summary>Looks for the paths.</summary>
    /// <param name="model">The network without its skip connections.</param>
    /// <param name="joined">
    /// Positions in the output of each activation with neurons that are joined, as <see cref="NeuronPool.Locate"/> gives them.
    /// </param>
    /// <param name="weightsAreShared">
    /// False to read convolutions as if each neuron had weights of its own, so that only joined neurons themselves are in the way.
    /// </param>
    /// <exception cref="ArgumentException">A joined neuron is of no activation, or the graph has layers of an unknown kind.</exception>
    public static BackwardPaths Find(GraphModel model, IReadOnlyDictionary<string, int[]> joined, bool weightsAreShared = true)
    {
        Dictionary<string, int> missing = [];
        Dictionary<Node, bool[]> open = [];
        OpenPlaces places = new(model, joined, weightsAreShared);
        foreach (Node node in model.Nodes)
        {
            bool[] reached = places.Reached(node, open);
            if (joined.TryGetValue(node.Name, out int[]? positions))
                missing.Add(node.Name, positions.Count(position => !reached[position]));
            open.Add(node, node.Module?.Role == LayerRole.Activation ? places.WithoutBlocked(node, reached) : reached);
        }

        return new BackwardPaths(joined.Values.Sum(p => p.Length), missing.Values.Sum(), missing);
    }
}
