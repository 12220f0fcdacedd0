using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Layers;

/// <summary>The full weight matrix U = M(W) of any affine layer, found by applying the layer (ICML'18, Definitions 2.1 to 2.3).</summary>
public static class FullWeights
{
    /// <summary>
    /// U[n_{k-1}, n_k] with layer(f) = Uᵀ f + b: row i is the layer's output for the i-th unit vector less that for zero, in the
    /// layer's own order of neurons. Recorded, so that gradients with respect to U can be carried on to W.
    /// </summary>
    /// <param name="layer">A layer with weights, initialized.</param>
    /// <param name="input">Shape of one sample's input.</param>
    /// <exception cref="ArgumentException">The layer is not a weighted sum of its inputs.</exception>
    public static Tensor Of(Module layer, Shape input)
    {
        if (layer.Role != LayerRole.Weighted)
            throw new ArgumentException($"full weights: {layer.Kind} is no layer with weights; only such a layer is a matrix.");
        using TensorScope scope = new();
        Tensor weight = layer.Parameters[0].Value;
        long inputs = input.ElementCount;
        Tensor ones = Tensor.Full(weight.Device, [inputs, inputs], weight.DType, 1);
        Tensor basis = (ones.Triangle(upper: true) * ones.Triangle(upper: false)).Reshape([inputs, .. input.Sizes]);
        Tensor zero = Tensor.Zeros(weight.Device, [1, .. input.Sizes], weight.DType);
        Tensor u = layer.Forward(basis) - layer.Forward(zero);
        return scope.Return(u.Reshape([inputs, u.ElementCount / inputs]));
    }
}
