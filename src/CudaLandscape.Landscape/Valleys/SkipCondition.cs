using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>Which alternative of ICLR'19, Assumption 3.1 (2), an activation σ can meet for a neuron that is joined to the outputs.</summary>
public enum SkipCondition
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>σ is bounded and σ(t) → 0 for t → -∞; sigmoid.</summary>
    Bounded,

    /// <summary>σ(t) = ln(1 + e^(α t)) / α; the neuron then needs a backward path, <see cref="BackwardPaths"/>.</summary>
    Softplus,
}

/// <summary>What Assumption 3.1 asks of activations.</summary>
internal static class SkipConditions
{
    /// <summary>The alternative that the activation of a node can meet; tanh has another limit, ReLU and identity are unbounded.</summary>
    public static SkipCondition Of(Node node) => node.Kind switch
    {
        "Sigmoid" => SkipCondition.Bounded,
        string kind when kind.StartsWith("Softplus", StringComparison.Ordinal) => SkipCondition.Softplus,
        _ => SkipCondition.None,
    };

    /// <summary>Whether a node is real analytic and, if it is an activation, strictly increasing: condition (1).</summary>
    public static bool IsAnalytic(Node node) => node.Module is not MaxPool2d && node.Kind != "Relu";
}
