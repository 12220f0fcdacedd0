using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// The convolutions of a graph that only an activation reads: where nothing else asks for their outputs the two run as one op, with
/// the same values. Under <see cref="AnomalyMode"/> they do not, so that the layer at fault is named.
/// </summary>
internal sealed class FusedActivations
{
    // By the activation's index.
    private readonly Dictionary<int, Node> _convolutions;

    public FusedActivations(IReadOnlyList<Node> nodes) => _convolutions = (
        from node in nodes
        from input in node.Inputs
        group node by input into readers
        where readers.Key.Module is Conv2d { CanActivate: true } && readers.Count() == 1 && readers.Single().Module is Activation
        select readers).ToDictionary(readers => readers.Single().Index, readers => readers.Key);

    /// <summary>Sets the uses to 0 of convolutions that are read by their activation alone.</summary>
    public void SkipConvolutions(int[] uses)
    {
        if (AnomalyMode.IsEnabled) return;
        foreach ((int activation, Node convolution) in _convolutions)
        {
            if (uses[activation] > 0 && uses[convolution.Index] == 1) uses[convolution.Index] = 0;
        }
    }

    /// <summary>The convolution that was skipped for that node, null for none.</summary>
    public Node? SkippedFor(Node node, int[] uses) =>
        _convolutions.TryGetValue(node.Index, out Node? convolution) && uses[convolution.Index] == 0 ? convolution : null;

    /// <summary>The activation of the convolution of x.</summary>
    public static Tensor Run(Node convolution, Node activation, Tensor x) =>
        ((Conv2d)convolution.Module!).ForwardAndActivate(x, ((Activation)activation.Module!).Function);
}
