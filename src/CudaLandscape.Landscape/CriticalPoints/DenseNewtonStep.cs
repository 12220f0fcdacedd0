using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>
/// The step by the eigenvalues of the dense Hessian: d = -Σᵢ λᵢ / (λᵢ² + μ) ⟨vᵢ, g⟩ vᵢ. It does not square the condition of H;
/// n Hessian-vector products and O(n³), for n up to about a thousand.
/// </summary>
public sealed class DenseNewtonStep : INewtonStep
{
    /// <inheritdoc/>
    public Tensor Solve(Curvature at, double damping)
    {
        using TensorScope scope = new();
        Tensor hessian = at.Hessian(), vectors = hessian.SymmetricEigenvectors();
        double[] values = hessian.SymmetricEigenvalues().ToArray<double>();
        double[] filter = Array.ConvertAll(values, value => value == 0 ? 0 : -value / (value * value + damping));
        Tensor coefficients = vectors.MatMul(at.GradientVector.Reshape([at.Dimension, 1]), transposeA: true);
        Tensor filtered = coefficients * Tensor.From<double>(at.Device, coefficients.Shape, filter);
        return scope.Return(vectors.MatMul(filtered).Reshape([at.Dimension]));
    }
}
