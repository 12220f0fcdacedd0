using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>The matrix identities that the lemmas are proved with, on random matrices.</summary>
internal sealed class KroneckerIdentitiesClaim : IClaim
{
    public int Item => 26;

    public string Name => "kronecker-identities";

    public string Statement => "five identities of Kronecker products";

    public string Source => $"{DeepLinearClaims.Note}, matrix identities";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [];

    public ClaimResult Run(ClaimContext context)
    {
        Tensor a = Draw(context, 0, 3, 4), b = Draw(context, 1, 2, 5), c = Draw(context, 2, 4, 2), d = Draw(context, 3, 5, 3);
        Tensor w = Draw(context, 4, 4, 5), product = SmallMatrices.Kronecker(a, b);
        Tensor deficient = Draw(context, 5, 4, 2).MatMul(Draw(context, 6, 2, 4));
        return new ClaimResult(
            Check.AtMost("vec(A W Bᵀ) = (A ⊗ B) vec(W)", Error(product.MatMul(w.Reshape([20, 1])), a.MatMul(w).MatMul(b, transposeB: true).Reshape([6, 1])), 1e-13),
            Check.AtMost("(A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ", Error(product.Transpose(), SmallMatrices.Kronecker(a.Transpose(), b.Transpose())), 0),
            Check.AtMost("(A ⊗ B)(C ⊗ D) = A C ⊗ B D", Error(product.MatMul(SmallMatrices.Kronecker(c, d)), SmallMatrices.Kronecker(a.MatMul(c), b.MatMul(d))), 1e-13),
            Check.AtMost("(A ⊗ B)⁺ = A⁺ ⊗ B⁺", Error(
                SmallMatrices.PseudoInverse(product), SmallMatrices.Kronecker(SmallMatrices.PseudoInverse(a), SmallMatrices.PseudoInverse(b))), 1e-11),
            Check.Equal("rank(A ⊗ B) for ranks 2 and 2", SmallMatrices.Rank(SmallMatrices.Kronecker(deficient, b)), 4))
        {
            Note = "vec reads row by row. Relative Frobenius norms of the differences; the note's own list is read as these five.",
        };
    }

    private static double Error(Tensor actual, Tensor expected) => SmallMatrices.Norm(actual - expected) / SmallMatrices.Norm(expected);

    private static Tensor Draw(ClaimContext context, ulong use, long rows, long columns) =>
        RandomTensor.Normal(context.Device, [rows, columns], DType.Float64, context.Stream(600 + use));
}
