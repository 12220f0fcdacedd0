using CudaLandscape.Nn.Graph;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.Rank;

/// <summary>Features of layers of a graph as one matrix.</summary>
public static class ModelFeatures
{
    /// <summary>F[N, Σ n_k]: the outputs of the named nodes for samples x[N,…], side by side; not recorded.</summary>
    /// <exception cref="ArgumentException">There is no such node, or the samples do not fit.</exception>
    public static Tensor Of(GraphModel model, Tensor x, params string[] nodes)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor[] parts = model.Features(nodes, x);
        Tensor[] rows = Array.ConvertAll(parts, part => part.Reshape([x.Shape[0], part.ElementCount / x.Shape[0]]));
        return scope.Return(rows.Length == 1 ? rows[0].Reshape(rows[0].Shape) : rows.Concat(1));
    }

    /// <summary>
    /// F with every column divided by its Euclidean norm: of the same rank, but in floating point a neuron that is nearly off for all
    /// samples counts as much as any other. A column of zeros stays one.
    /// </summary>
    public static Tensor WithUnitColumns(Tensor features)
    {
        using TensorScope scope = new();
        Tensor norms = features.Norm(0, keep: true);
        Tensor zeros = Tensor.Full(norms.Device, norms.Shape, norms.DType, 1) - norms.Sign();
        return scope.Return(features / (norms + zeros));
    }
}
