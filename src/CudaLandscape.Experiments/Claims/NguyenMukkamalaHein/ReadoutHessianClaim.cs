using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>The Hessian in V is positive semidefinite and not zero, so there is no local maximum; its formula lacks the mean's 1/N.</summary>
internal sealed class ReadoutHessianClaim : IClaim
{
    private const int Classes = 10;

    public int Item => 18;

    public string Name => "readout-hessian";

    public string Statement => "the Hessian in V is positive semidefinite and not zero: no local maximum";

    public string Source => $"{ValleyClaims.Paper}, Theorem 3.3 (3) and (4)";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "images, and skip connections", 20, 10, 100)];

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        using SkipProblem problem = new(context, n);
        Tensor psi = Features(problem), v = problem.V.Detach().Scale(1).RequireGradient();
        using Curvature curvature = new(new Objective([v], () => psi.MatMul(v, transposeB: true).CrossEntropy(problem.Labels)));
        Tensor hessian = curvature.Hessian(), outputs = psi.MatMul(v.Detach(), transposeB: true);
        double[] eigenvalues = hessian.SymmetricEigenvalues().ToArray<double>();
        (double deviation, double ratio) = Compare(hessian.ToArray<double>(), psi, outputs, n);
        return new ClaimResult(
            Check.AtMost("largest relative deviation of the Hessian of V:j from (1/N) Σ_i p_ij (1 - p_ij) ψ_i ψ_iᵀ", deviation, 1e-11),
            Check.Equal("N times the Hessian of V:j over Σ_i p_ij (1 - p_ij) ψ_i ψ_iᵀ, by norm, smallest of all j", ratio * n, 1, 1e-10),
            Check.AtLeast("smallest eigenvalue of the whole Hessian in V, over the largest", eigenvalues[0] / eigenvalues[^1], -1e-12),
            Check.AtLeast("largest eigenvalue: not zero, so no local maximum", eigenvalues[^1], 1e-6))
        {
            Note = "At any V: the loss is convex in V. The copy of the document this was read from prints the formula without the 1/N of its mean loss, but its "
                + "formulas are hard to read, so that is not held against it; the theorem does not depend on it. That there is no strict local minimum (3) "
                + "follows from the paths of `valley-path`.",
        };
    }

    private static Tensor Features(SkipProblem problem)
    {
        using NoGradient noGradient = new();
        return problem.Network.Neurons(problem.X);
    }

    private static (double Deviation, double Ratio) Compare(double[] hessian, Tensor psi, Tensor outputs, int n)
    {
        (double deviation, double ratio) = (0, double.PositiveInfinity);
        for (int j = 0; j < Classes; j++)
        {
            double[] formula = ReadoutHessian.DiagonalBlock(psi, outputs, j).ToArray<double>();
            long corner = (long)j * n * (Classes * n + 1);
            double[] measured = [.. from r in Enumerable.Range(0, n) from c in Enumerable.Range(0, n) select hessian[corner + (long)r * Classes * n + c]];
            deviation = Math.Max(deviation, Norm([.. formula.Zip(measured, (f, m) => f - m)]) / Norm(formula));
            ratio = Math.Min(ratio, Norm(measured) / (n * Norm(formula)));
        }

        return (deviation, ratio);
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
