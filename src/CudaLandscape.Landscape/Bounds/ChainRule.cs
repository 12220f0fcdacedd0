using CudaLandscape.Landscape.Layers;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.Bounds;

/// <summary>From the full weights of a layer to its filters: ∂Φ/∂W = Σ_ij ∂Φ/∂U_ij ∂U_ij/∂W (ICML'18, section 4).</summary>
public static class ChainRule
{
    /// <summary>
    /// The largest difference between ∂Φ/∂W of the layer after <paramref name="features"/> by that sum and by automatic
    /// differentiation of the whole model, relative to the largest entry; Φ = ½ ‖F_L - Y‖².
    /// </summary>
    /// <exception cref="ArgumentException">The rest of the model is no chain, or it pools.</exception>
    public static double LargestDeviation(GraphModel model, string features, Tensor x, Tensor y)
    {
        using TensorScope scope = new();
        ChainTail tail = ChainTail.Of(model, features, x);
        Tensor weight = tail.First.Parameters[0].Value;
        Tensor viaU = Gradient.Of(FullWeights.Of(tail.First, tail.FirstInput), [weight], tail.FullGradient(y).Gradient)[0];
        Tensor direct = Gradient.Of((model.Forward(x) - y).Square().Sum().Scale(0.5), weight);
        return (viaU - direct).MaxAbs().Item() / direct.MaxAbs().Item();
    }
}
