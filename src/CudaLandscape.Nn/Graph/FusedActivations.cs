using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Graph;

/// <summary>
/// The convolutions and batch normalisations of a graph that only an activation reads: where nothing else asks for their outputs the
/// two run as one op, with the same values. Under <see cref="AnomalyMode"/> they do not, so that the layer at fault is named.
/// </summary>
internal sealed class FusedActivations
{
    // By the activation's index.
    private readonly Dictionary<int, Node> _activated;

    public FusedActivations(IReadOnlyList<Node> nodes) => _activated = (
        from node in nodes
        from input in node.Inputs
        group node by input into readers
        where readers.Key.Module is IActivatable { CanActivate: true } && readers.Count() == 1 && readers.Single().Module is Activation
        select readers).ToDictionary(readers => readers.Single().Index, readers => readers.Key);

    /// <summary>Sets the uses to 0 of layers that are read by their activation alone.</summary>
    public void Skip(int[] uses)
    {
        if (AnomalyMode.IsEnabled) return;
        foreach ((int activation, Node layer) in _activated)
        {
            if (uses[activation] > 0 && uses[layer.Index] == 1) uses[layer.Index] = 0;
        }
    }

    /// <summary>The layer that was skipped for that node, null for none.</summary>
    public Node? SkippedFor(Node node, int[] uses) =>
        _activated.TryGetValue(node.Index, out Node? layer) && uses[layer.Index] == 0 ? layer : null;

    /// <summary>The activation of a layer's output, given the outputs of what it reads.</summary>
    public static Tensor Run(Node layer, Node activation, Func<Node, Tensor> outputs)
    {
        IActivatable module = (IActivatable)layer.Module!;
        Tensor x = outputs(layer.Inputs[0]);
        if (!module.TakesFirstChannels) x = GrowingJoins.Own(layer.Inputs[0], x);
        return module.ForwardAndActivate(x, ((Activation)activation.Module!).Function);
    }
}
