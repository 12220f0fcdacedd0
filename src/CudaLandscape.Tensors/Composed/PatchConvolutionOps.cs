namespace CudaLandscape.Tensors.Ops;

/// <summary>Convolution over arbitrary patches, composed of a gather and one matrix product.</summary>
public static partial class TensorOps
{
    /// <summary>
    /// y[n, p·T + t] = Σ_i W[t,i] x[n, patches[p,i]] + bias[p·T + t]: a layer with P patches of l input neurons each and T
    /// filters of length l; x[N,n], patches [P,l] into n neurons, W[T,l], bias [P·T] or none, y[N, P·T]. Patches may overlap,
    /// repeat a neuron or leave some out. Floats of one type; gradients of every order. The layer of Definition 2.1 in Nguyen
    /// and Hein, ICML'18, before its activation, with U = M(W) never formed.
    /// </summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    public static Tensor PatchConvolution(this Tensor x, IndexSet patches, Tensor w, Tensor? bias = null)
    {
        OpChecks.RequireSameFloat("patch_convolution", x, w);
        RequirePatchShapes(x, patches.Shape, w);
        using TensorScope scope = new();
        long neurons = patches.Shape[0] * w.Shape[0];
        if (bias is not null && bias.Shape != Shape.Create([neurons]))
            throw new ArgumentException($"patch_convolution: expects a bias [{neurons}], one for each neuron, got {bias}.");
        Tensor y = x.Gather(patches).MatMul(w, transposeB: true).Reshape([x.Shape[0], neurons]);
        return scope.Return(bias is null ? y : y + bias);
    }

    /// <summary>As the other overload for patches in an Int32 tensor, which is copied to the host and checked at every call.</summary>
    /// <exception cref="ArgumentException">Shapes or types do not match.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A patch names a neuron that x does not have.</exception>
    public static Tensor PatchConvolution(this Tensor x, Tensor patches, Tensor w, Tensor? bias = null)
    {
        OpChecks.RequireType("patch_convolution", patches, DType.Int32);
        RequirePatchShapes(x, patches.Shape, w);
        using IndexSet set = IndexSet.From(patches, x.Shape[1]);
        return x.PatchConvolution(set, w, bias);
    }

    private static void RequirePatchShapes(Tensor x, Shape patches, Tensor w)
    {
        if (x.Shape.Rank != 2 || patches.Rank != 2 || w.Shape.Rank != 2 || patches[1] != w.Shape[1])
            throw new ArgumentException(
                $"patch_convolution: expects x[N,n], patches [P,l] and W[T,l], got {x}, patches {patches} and {w}.");
    }
}
