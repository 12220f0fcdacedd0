using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// The batch normalisations of a graph that only an activation reads: where nothing else asks for their outputs the two run as one
/// op. Under <see cref="AnomalyMode"/> they do not, so that the layer at fault is named.
/// </summary>
internal sealed class FusedNormalisations
{
    // By the activation's index.
    private readonly Dictionary<int, Node> _normalisations;

    public FusedNormalisations(IReadOnlyList<Node> nodes) => _normalisations = (
        from node in nodes
        from input in node.Inputs
        group node by input into readers
        where readers.Key.Module is BatchNorm2d && readers.Count() == 1 && readers.Single().Module is Activation
        select readers).ToDictionary(readers => readers.Single().Index, readers => readers.Key);

    /// <summary>Sets the uses to 0 of normalisations that are read by their activation alone.</summary>
    public void Skip(int[] uses)
    {
        if (AnomalyMode.IsEnabled) return;
        foreach ((int activation, Node normalisation) in _normalisations)
        {
            if (uses[activation] > 0 && uses[normalisation.Index] == 1) uses[normalisation.Index] = 0;
        }
    }

    /// <summary>The normalisation that was skipped for that node, null for none.</summary>
    public Node? SkippedFor(Node node, int[] uses) =>
        _normalisations.TryGetValue(node.Index, out Node? normalisation) && uses[normalisation.Index] == 0 ? normalisation : null;

    /// <summary>The activation of the normalised x, which may have more channels than are normalised.</summary>
    public static Tensor Run(Node normalisation, Node activation, Tensor x) =>
        ((BatchNorm2d)normalisation.Module!).ForwardAndActivate(x, ((Activation)activation.Module!).Function);
}
