using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.Bounds;

/// <summary>What a chain of layers computes from the features of one of them on: a layer with weights, and the rest.</summary>
/// <param name="Features">F_k as rows [N, n_k].</param>
/// <param name="First">Layer k+1.</param>
/// <param name="FirstInput">Shape of one sample's input of layer k+1.</param>
/// <param name="Layers">The layers after it, each with its input for all samples.</param>
/// <param name="Preactivation">G_{k+1}, the output of layer k+1, a leaf.</param>
/// <param name="Output">F_L, as it depends on G_{k+1}.</param>
public sealed record ChainTail(
    Tensor Features, Module First, Shape FirstInput, IReadOnlyList<(Module Module, Tensor Input)> Layers, Tensor Preactivation, Tensor Output)
{
    /// <summary>Runs the model for samples x[N,…].</summary>
    /// <exception cref="ArgumentException">The rest of the model is no chain, or it pools, which Assumption 4.1 excludes.</exception>
    public static ChainTail Of(GraphModel model, string features, Tensor x)
    {
        using TensorScope scope = new();
        Tensor f = model.Features(features, x).Detach();
        Queue<Node> rest = new(After(model, features));
        while (rest.TryPeek(out Node? node) && node.Module!.Role == LayerRole.Arrangement) f = rest.Dequeue().Module!.Forward(f);
        if (!rest.TryDequeue(out Node? first) || first.Module!.Role != LayerRole.Weighted)
            throw new ArgumentException($"bounds: after '{features}' comes {first?.Kind ?? "nothing"}; a layer with weights must come next.");
        Tensor g = first.Module.Forward(f).Detach().RequireGradient(), output = g;
        List<(Module, Tensor)> layers = [];
        foreach (Node node in rest)
        {
            layers.Add((node.Module!, scope.Return(output.Detach())));
            output = node.Module!.Forward(output);
        }

        Tensor rows = f.Reshape([f.Shape[0], f.ElementCount / f.Shape[0]]);
        return new ChainTail(scope.Return(rows), first.Module, [.. f.Shape.Sizes[1..]], layers, scope.Return(g), scope.Return(output));
    }

    /// <summary>∇_{U_{k+1}} Φ = F_kᵀ ∂Φ/∂G_{k+1}, [n_k, n_{k+1}], and Φ = ½ ‖F_L - Y‖².</summary>
    public (Tensor Gradient, double Loss) FullGradient(Tensor y)
    {
        using TensorScope scope = new();
        Tensor loss = (Output - y).Square().Sum().Scale(0.5);
        Tensor delta = Gradient.Of(loss, Preactivation);
        return (scope.Return(Features.MatMul(delta.Reshape([delta.Shape[0], delta.ElementCount / delta.Shape[0]]), transposeA: true)), loss.Item());
    }

    private static List<Node> After(GraphModel model, string features)
    {
        List<Node> rest = [.. model.Nodes.SkipWhile(n => n.Name != features).Skip(1)];
        Node last = model[features];
        foreach (Node node in rest)
        {
            if (node.Module is null || node.Inputs.Count != 1 || node.Inputs[0] != last)
                throw new ArgumentException($"bounds: '{node.Name}' ({node.Kind}) does not read '{last.Name}' alone; the bounds are for a chain of layers.");
            if (node.Module.Role == LayerRole.Pooling)
                throw new ArgumentException($"bounds: '{node.Name}' ({node.Kind}) pools, which Assumption 4.1 of ICML'18 excludes.");
            last = node;
        }

        return rest;
    }
}
