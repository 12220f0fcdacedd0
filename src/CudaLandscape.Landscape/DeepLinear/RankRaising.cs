using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>
/// The perturbation argument of Kawaguchi's proof: a point where W_H … W₂ has a rank below p is moved, by as little as one
/// likes and without any change of the loss, to one where it has rank p. If the former was a local minimum the latter is one
/// too, so what is known for rank p settles the rest.
/// </summary>
public static class RankRaising
{
    /// <summary>
    /// The network with W_k + ε (P Z + Z' Q), k = 2 … H, one k after the other: P projects on the null space of
    /// W_{H+1} … W_{k+1}, Q on that of (W_{k-1} … W₁)ᵀ, Z and Z' are Gaussian. The whole product stays what it was.
    /// </summary>
    public static DeepLinearNetwork Perturb(DeepLinearNetwork network, double epsilon, RandomStream stream)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        int top = network.HiddenLayers + 1;
        DeepLinearNetwork moved = new(network.Problem, [.. Enumerable.Range(1, top).Select(network.Weight)]);
        for (int k = 2; k < top; k++)
        {
            Tensor weight = moved.Weight(k);
            Tensor above = SmallMatrices.NullProjection(moved.Product(top, k + 1));
            Tensor below = SmallMatrices.NullProjection(moved.Product(k - 1, 1).Transpose());
            Tensor z = Draw(weight, stream with { Stream = stream.Stream + 2 * (ulong)k });
            Tensor other = Draw(weight, stream with { Stream = stream.Stream + 2 * (ulong)k + 1 });
            weight.CopyFrom(weight + (above.MatMul(z) + other.MatMul(below)).Scale(epsilon));
        }

        return moved;
    }

    private static Tensor Draw(Tensor weight, RandomStream stream) =>
        RandomTensor.Normal(weight.Device, weight.Shape, DType.Float64, stream);
}
