using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.CriticalPoints;

/// <summary>Solves the step of <see cref="GradientNormMinimizer"/>.</summary>
public interface INewtonStep
{
    /// <summary>d[n] with (H² + μ I) d = -H g: the damped Gauss-Newton step for ½ ‖g‖², Newton's -H⁻¹ g as μ → 0.</summary>
    Tensor Solve(Curvature at, double damping);
}
