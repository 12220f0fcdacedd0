using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>Gradient and Hessian blocks by Kronecker products against the engine's derivatives.</summary>
internal sealed class KroneckerGradientClaim : IClaim
{
    private static readonly long[] s_hidden = [3, 2, 3];

    public int Item => 26;

    public string Name => "kronecker-derivatives";

    public string Statement => "gradient and Hessian of a deep linear network in closed form by Kronecker products";

    public string Source => $"{DeepLinearClaims.Note}, Lemma 1 and the block Hessian";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random networks", 5, 1, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        double gradientError = 0, hessianError = 0;
        for (int draw = 0; draw < context.Size("draws"); draw++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, s_hidden, context.Stream(500 + 10 * (ulong)draw));
            using Curvature curvature = new(network.Objective);
            Tensor[] parts = [.. Enumerable.Range(1, s_hidden.Length + 1).Select(k => KroneckerDerivatives.Gradient(network, k))];
            gradientError = Math.Max(gradientError, SmallMatrices.Norm(parts.Concat(0) - curvature.GradientVector) / curvature.GradientNorm);
            hessianError = Math.Max(hessianError, HessianError(network, curvature.Hessian()));
        }

        return new ClaimResult(
            Check.AtMost("‖closed form - engine‖ / ‖gradient‖", gradientError, 1e-13),
            Check.AtMost("‖closed form - engine‖ / ‖block‖, worst block of the Hessian", hessianError, 1e-12))
        {
            Note = "H = 3, widths 3, 2, 3; ten blocks. The engine differentiates its own backward pass and knows no Kronecker products; "
                + "the tests also compare with finite differences.",
        };
    }

    private static double HessianError(DeepLinearNetwork network, Tensor hessian)
    {
        double worst = 0;
        int top = network.HiddenLayers + 1;
        long[] starts = [.. Enumerable.Range(0, top + 1).Select(k => Enumerable.Range(1, k).Sum(i => network.Weight(i).ElementCount))];
        for (int l = 1; l <= top; l++)
        {
            for (int k = 1; k <= l; k++)
            {
                Tensor closed = KroneckerDerivatives.HessianBlock(network, l, k);
                Tensor block = hessian.Slice([starts[l - 1], starts[k - 1]], [starts[l], starts[k]]);
                worst = Math.Max(worst, SmallMatrices.Norm(closed - block) / SmallMatrices.Norm(closed));
            }
        }

        return worst;
    }
}
