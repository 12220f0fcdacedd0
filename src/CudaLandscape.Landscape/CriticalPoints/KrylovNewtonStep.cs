using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>
/// The step by conjugate gradients on (H² + μ I) d = -H g: two Hessian-vector products per iteration and a few vectors of
/// memory, for models too large for a dense Hessian. Stopped early it is still a descent direction of ½ ‖g‖².
/// </summary>
/// <param name="maxIterations">Iterations at most.</param>
/// <param name="tolerance">Residual over the right-hand side at which it stops.</param>
public sealed class KrylovNewtonStep(int maxIterations = 200, double tolerance = 1e-8) : INewtonStep
{
    /// <inheritdoc/>
    public Tensor Solve(Curvature at, double damping)
    {
        using TensorScope scope = new();
        Tensor d = Tensor.Zeros(at.Device, [at.Dimension], DType.Float64, "step");
        Tensor r = at.HessianVectorProduct(at.GradientVector).Scale(-1), p = r;
        double square = Vectors.Dot(r, r), enough = tolerance * tolerance * square;
        for (int i = 0; i < maxIterations && square > enough; i++)
        {
            Tensor image = at.HessianVectorProduct(at.HessianVectorProduct(p)) + p.Scale(damping);
            double curvature = Vectors.Dot(p, image);
            if (curvature <= 0) break; // rounding only, as H² + μ I is positive
            d += p.Scale(square / curvature);
            r -= image.Scale(square / curvature);
            double next = Vectors.Dot(r, r);
            p = r + p.Scale(next / square);
            square = next;
        }

        return scope.Return(d);
    }
}
