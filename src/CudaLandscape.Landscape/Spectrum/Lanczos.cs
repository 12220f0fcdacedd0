using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Spectrum;

/// <summary>
/// Lanczos' iteration A Q = Q T + β_m q_{m+1} e_mᵀ from a random unit vector, with every vector orthogonalised twice against all
/// the ones before: without that, rounding brings copies of eigenvalues that have converged (Parlett, The Symmetric Eigenvalue
/// Problem, chapter 13). One product with A per step and 8 m n bytes.
/// </summary>
public static class Lanczos
{
    // A remainder below this fraction of ‖A q‖ is rounding: the Krylov space is invariant and the iteration complete.
    private const double Breakdown = 1e-12;

    /// <summary>
    /// Runs at most <paramref name="steps"/> steps. It ends earlier, with residual bounds of 0, when the space is invariant, as
    /// after as many steps as A has distinct eigenvalues; an eigenvalue that is repeated is found once, or again where the
    /// remainder has become rounding of the size ε ‖A‖ and so points to another vector of its eigenspace.
    /// </summary>
    /// <param name="a">The map.</param>
    /// <param name="steps">m, 1 or more; n is enough.</param>
    /// <param name="start">Where the first vector, Gaussian before it is normalised, comes from.</param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="ArgumentOutOfRangeException">steps is below 1.</exception>
    /// <exception cref="ArithmeticException">A product is not finite; the message names the step.</exception>
    public static LanczosResult Run(SymmetricOperator a, int steps, RandomStream start, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        int most = (int)Math.Min(steps, a.Dimension);
        Tensor basis = Tensor.Zeros(a.Device, [most, a.Dimension], DType.Float64, "lanczos vectors");
        Tensor next = RandomTensor.Normal(a.Device, [a.Dimension], DType.Float64, start);
        List<double> alpha = [], beta = [];
        double norm = Vectors.Norm(next);
        while (alpha.Count < most && norm > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope stepScope = new();
            Tensor q = basis.Slab(alpha.Count * a.Dimension, [a.Dimension], "q");
            q.CopyFrom(next.Scale(1 / norm));
            Tensor image = a.Apply(q);
            double size = Vectors.Norm(image);
            if (!double.IsFinite(size)) throw new ArithmeticException($"Lanczos: the product of step {alpha.Count + 1} is not finite.");
            alpha.Add(Vectors.Dot(q, image));
            next.CopyFrom(Orthogonal(image, basis.Slab(0, [alpha.Count, a.Dimension], "basis")));
            norm = Vectors.Norm(next);
            if (norm <= Breakdown * size) norm = 0;
            beta.Add(norm);
        }

        return LanczosResult.Of(scope.Keep(basis), [.. alpha], [.. beta]);
    }

    // v - Qᵀ (Q v), twice; Q has the vectors as rows.
    private static Tensor Orthogonal(Tensor v, Tensor q)
    {
        Tensor row = v.Reshape([1, v.ElementCount]);
        for (int pass = 0; pass < 2; pass++) row -= row.MatMul(q, transposeB: true).MatMul(q);
        return row;
    }
}
