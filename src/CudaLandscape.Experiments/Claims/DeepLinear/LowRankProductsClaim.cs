using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>Both answers are yes: every matrix of rank at most p is a product, and the global minimum is attained.</summary>
internal sealed class LowRankProductsClaim : IClaim
{
    private static readonly long[] s_hidden = [3, 2, 4];

    public int Item => 31;

    public string Name => "low-rank-products";

    public string Statement => "products of the weights are all matrices of rank at most p, and the global minimum is attained";

    public string Source => $"{DeepLinearClaims.Note}, section 3, questions";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random matrices for each rank", 10, 1, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearClaims.Problem(context);
        (double error, int highest) = (0, 0);
        for (int draw = 0; draw < context.Size("draws"); draw++)
        {
            foreach (int rank in (int[])[1, 2])
            {
                Tensor target = Draw(context, 4, rank, 2 * draw).MatMul(Draw(context, rank, 5, 2 * draw + 1));
                using DeepLinearNetwork network = DeepLinearPoints.OfProduct(problem, s_hidden, target);
                error = Math.Max(error, SmallMatrices.Norm(network.Product(4, 1) - target) / SmallMatrices.Norm(target));
            }

            using DeepLinearNetwork random = DeepLinearNetwork.Random(problem, s_hidden, context.Stream(1800 + 10 * (ulong)draw));
            highest = Math.Max(highest, SmallMatrices.Rank(random.Product(4, 1)));
        }

        Tensor leading = problem.Subspace([0, 1]);
        using DeepLinearNetwork best = DeepLinearPoints.OfProduct(
            problem, s_hidden, leading.MatMul(leading, transposeB: true).MatMul(problem.LeastSquares));
        CriticalPoint point = CriticalPoint.At(best.Objective);
        return new ClaimResult(
            Check.AtMost("‖W₄ … W₁ - R‖ / ‖R‖ by singular value decomposition, worst R of rank 1 or 2", error, 1e-13),
            Check.AtMost("rank of a random product, largest", highest, 2),
            Check.Equal("loss where W₄ … W₁ = U_p U_pᵀ B", point.Value, problem.OptimalLoss(2), 1e-9),
            Check.AtMost("‖gradient‖ / λ_max there", point.GradientNorm / point.Highest, 1e-12))
        {
            Note = "Widths 3, 2, 4, so p = 2. X Xᵀ is invertible and the matrices of rank at most p are closed, so the least loss is attained.",
        };
    }

    private static Tensor Draw(ClaimContext context, long rows, long columns, int use) =>
        RandomTensor.Normal(context.Device, [rows, columns], DType.Float64, context.Stream(1900 + (ulong)use));
}
