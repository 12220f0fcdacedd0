using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>
/// Data X[d_x,N], Y[d_y,N] of a deep linear network and what the theory says of them (Kawaguchi, NIPS'16; Baldi and Hornik,
/// 1989): B = Y Xᵀ (X Xᵀ)⁻¹ is the least-squares solution, Σ = Y Xᵀ (X Xᵀ)⁻¹ X Yᵀ = B X Yᵀ, with eigenvalues Λ₁ ≥ Λ₂ ≥ … and
/// eigenvectors u₁, u₂, …. A critical point whose product has the range span(uᵢ, i ∈ I) has the loss ½ (‖Y‖² - Σ_{i∈I} Λᵢ).
/// </summary>
public sealed class DeepLinearProblem : IDisposable
{
    private readonly double _squareOfY;

    /// <summary>Takes copies of the data.</summary>
    /// <exception cref="ArgumentException">X and Y are not Float64 matrices with as many columns.</exception>
    /// <exception cref="ArithmeticException">X Xᵀ is singular: the theory asks for full row rank.</exception>
    public DeepLinearProblem(Tensor x, Tensor y)
    {
        bool match = x.Shape.Rank == 2 && y.Shape.Rank == 2 && x.Shape[1] == y.Shape[1];
        if (!match || x.DType != DType.Float64 || y.DType != DType.Float64)
            throw new ArgumentException($"DeepLinearProblem: expects Float64 X[d_x,N] and Y[d_y,N], got {x} and {y}.");
        using TensorScope scope = new();
        X = scope.Keep(x.Scale(1));
        Y = scope.Keep(y.Scale(1));
        Tensor xx = X.MatMul(X, transposeB: true);
        RequireFullRank(xx);
        LeastSquares = scope.Keep(xx.Solve(X.MatMul(Y, transposeB: true)).Transpose());
        Tensor sigma = LeastSquares.MatMul(X).MatMul(Y, transposeB: true);
        Eigenvalues = [.. sigma.SymmetricEigenvalues().ToArray<double>().Reverse()];
        Eigenvectors = scope.Keep(SmallMatrices.ReverseColumns(sigma.SymmetricEigenvectors()));
        _squareOfY = (Y * Y).Sum().Item();
    }

    /// <summary>X[d_x,N].</summary>
    public Tensor X { get; }

    /// <summary>Y[d_y,N].</summary>
    public Tensor Y { get; }

    /// <summary>B[d_y,d_x] = Y Xᵀ (X Xᵀ)⁻¹.</summary>
    public Tensor LeastSquares { get; }

    /// <summary>Λ, falling; those beyond min(d_x, d_y, N) are zero to rounding.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>U[d_y,d_y], the eigenvectors as columns in the same order.</summary>
    public Tensor Eigenvectors { get; }

    /// <summary>d_x.</summary>
    public long Inputs => X.Shape[0];

    /// <summary>d_y.</summary>
    public long Outputs => Y.Shape[0];

    /// <summary>Gaussian X, and Y = T X + noise with a Gaussian T, so that the Λ are distinct with probability 1.</summary>
    public static DeepLinearProblem Gaussian(
        Device device, long inputs, long outputs, long samples, RandomStream stream, double noise = 0.5)
    {
        using TensorScope scope = new();
        Tensor x = RandomTensor.Normal(device, [inputs, samples], DType.Float64, stream);
        stream = stream.Skip((ulong)x.ElementCount);
        Tensor t = RandomTensor.Normal(device, [outputs, inputs], DType.Float64, stream);
        stream = stream.Skip((ulong)t.ElementCount);
        Tensor e = RandomTensor.Normal(device, [outputs, samples], DType.Float64, stream, 0, noise);
        return new DeepLinearProblem(x, t.MatMul(x) + e);
    }

    /// <summary>½ (‖Y‖² - Σ_{i∈I} Λᵢ), the loss of critical points whose range is span(uᵢ, i ∈ I); i counts from 0.</summary>
    public double LossOf(IEnumerable<int> subset) => 0.5 * (_squareOfY - subset.Sum(i => Eigenvalues[i]));

    /// <summary>L*, the least loss of a product of rank at most p: I are the p largest.</summary>
    public double OptimalLoss(int p) => LossOf(Enumerable.Range(0, Math.Min(p, Eigenvalues.Length)));

    /// <summary>U_I[d_y,|I|], the columns uᵢ, i ∈ I.</summary>
    /// <exception cref="ArgumentException">An index is out of range or repeated.</exception>
    public Tensor Subspace(IReadOnlyList<int> subset)
    {
        if (subset.Distinct().Count() != subset.Count || subset.Any(i => i < 0 || i >= Outputs) || subset.Count == 0)
            throw new ArgumentException($"Subspace: expects distinct indices in 0 to {Outputs - 1}, got [{string.Join(", ", subset)}].");
        using TensorScope scope = new();
        Tensor[] columns = [.. subset.Select(i => Eigenvectors.Slice(1, i, i + 1))];
        return scope.Return(columns.Concat(1));
    }

    /// <summary>Releases the matrices.</summary>
    public void Dispose()
    {
        foreach (Tensor matrix in (Tensor[])[X, Y, LeastSquares, Eigenvectors]) matrix.Dispose();
    }

    private static void RequireFullRank(Tensor xx)
    {
        double[] values = xx.SymmetricEigenvalues().ToArray<double>();
        if (!(values[0] > 1e-13 * values[^1]))
            throw new ArithmeticException(
                $"DeepLinearProblem: X Xᵀ has eigenvalues from {values[0]:G3} to {values[^1]:G3}; X has to have full row rank.");
    }
}
