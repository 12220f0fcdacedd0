using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Spectrum;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Surfaces;

/// <summary>Directions in the space of a model's parameters, laid out like <see cref="ParameterSlab.Values"/>.</summary>
public static class Directions
{
    /// <summary>
    /// A random direction d, filter-normalised (Li et al., NeurIPS'18, section 4): normal numbers, where filter j of every weight
    /// tensor, d_j = d[j, …], is scaled to ‖d_j‖ = ‖w_j‖, so that a step means the same for networks that differ only in how
    /// large their weights are. A row of a matrix counts as a filter; biases and the parameters of normalisations, tensors of one
    /// axis, stay where they are.
    /// </summary>
    /// <param name="parameters">The parameters w.</param>
    /// <param name="stream">Parameter i draws from stream + i.</param>
    public static Tensor FilterNormalised(ParameterSlab parameters, RandomStream stream)
    {
        using TensorScope scope = new();
        Tensor direction = Tensor.Zeros(parameters.Values.Device, parameters.Values.Shape, parameters.Values.DType, "direction");
        Tensor[] parts = parameters.Split(direction), weights = parameters.Split(parameters.Values);
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Shape.Rank < 2) continue;
            Tensor drawn = Rows(RandomTensor.Normal(direction.Device, parts[i].Shape, direction.DType, stream with { Stream = stream.Stream + (ulong)i }));
            Tensor scale = Rows(weights[i]).Norm(1, keep: true) / drawn.Norm(1, keep: true);
            parts[i].CopyFrom((drawn * scale).Reshape(parts[i].Shape));
        }

        return scope.Return(direction);
    }

    /// <summary>From one point to another: other - origin, so that 0 is the one and 1 the other.</summary>
    /// <exception cref="ArgumentException">They differ in shape or type.</exception>
    public static Tensor Between(Tensor origin, Tensor other) => other.Shape == origin.Shape && other.DType == origin.DType
        ? other.Detach() - origin.Detach()
        : throw new ArgumentException($"direction: expects two points of one shape and type, got {origin} and {other}.");

    /// <summary>
    /// The eigenvectors of the largest eigenvalues of the Hessian, each of length 1, with the eigenvalues: Ritz pairs of Lanczos'
    /// iteration, whose residual bounds say how far they are from true ones.
    /// </summary>
    /// <param name="parameters">Where the directions are to be used; of any float type.</param>
    /// <param name="curvature">The curvature of a Float64 copy of the same model at the same point.</param>
    /// <param name="count">How many.</param>
    /// <param name="steps">Steps of Lanczos' iteration.</param>
    /// <param name="start">Where its first vector comes from.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="ArgumentException">The curvature is of another number of parameters, or steps are too few.</exception>
    public static (Tensor Direction, double Eigenvalue, double ResidualBound)[] Eigenvectors(
        ParameterSlab parameters, Curvature curvature, int count, int steps, RandomStream start, CancellationToken cancellation = default)
    {
        using LanczosResult run = Lanczos.Run(SymmetricOperator.Of(curvature), steps, start, cancellation);
        if (run.Steps < count) throw new ArgumentException($"eigenvectors: {run.Steps} steps give no {count} directions; expects at least {count}.");
        return [.. Enumerable.Range(1, count).Select(i => run.Steps - i)
            .Select(i => (InLayout(parameters, run.RitzVector(i)), run.RitzValues[i], run.ResidualBounds[i]))];
    }

    // From the parameters one after the other to the slab's layout and type.
    private static Tensor InLayout(ParameterSlab parameters, Tensor vector)
    {
        long dimension = parameters.Parameters.Sum(p => p.Shape.ElementCount);
        if (vector.ElementCount != dimension)
            throw new ArgumentException($"eigenvectors: the curvature is of {vector.ElementCount} parameters, the model has {dimension}.");
        using TensorScope scope = new();
        Tensor direction = Tensor.Zeros(parameters.Values.Device, parameters.Values.Shape, parameters.Values.DType, "eigenvector");
        long offset = 0;
        foreach (Tensor part in parameters.Split(direction))
        {
            part.CopyFrom(vector.Slab(offset, part.Shape, "part").Cast(part.DType));
            offset += part.ElementCount;
        }

        return scope.Return(direction);
    }

    private static Tensor Rows(Tensor weight) => weight.Detach().Reshape([weight.Shape[0], weight.ElementCount / weight.Shape[0]]);
}
