using System.Globalization;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Spectrum;

/// <summary>
/// T = tridiag(β, α, β) of m steps, its eigenvalues θᵢ (Ritz values) and what they say: with T s = θ s, ‖A y - θ y‖ = β_m |s_m|
/// for y = Qᵀ s, so there is an eigenvalue of A within that bound of θ.
/// </summary>
public sealed class LanczosResult : IDisposable
{
    private readonly Tensor _basis;
    private readonly double[] _vectors;

    private LanczosResult(Tensor basis, double[] alpha, double[] beta, double[] ritzValues, double[] vectors)
    {
        (_basis, Alpha, Beta, RitzValues, _vectors) = (basis, alpha, beta, ritzValues, vectors);
        int m = alpha.Length;
        ResidualBounds = [.. Enumerable.Range(0, m).Select(i => beta[^1] * Math.Abs(vectors[(m - 1) * m + i]))];
        Weights = [.. Enumerable.Range(0, m).Select(i => vectors[i] * vectors[i])];
    }

    /// <summary>m, the steps taken.</summary>
    public int Steps => Alpha.Length;

    /// <summary>Diagonal of T.</summary>
    public double[] Alpha { get; }

    /// <summary>Off-diagonal of T, and at the end β_m, which is 0 when the space is invariant.</summary>
    public double[] Beta { get; }

    /// <summary>θ, rising.</summary>
    public double[] RitzValues { get; }

    /// <summary>β_m |s_m| for each θ.</summary>
    public double[] ResidualBounds { get; }

    /// <summary>s₁² for each θ: the weights of Gauss' quadrature for the spectral measure of the first vector; they sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>y[n] = Qᵀ s, the unit Ritz vector of θ_i.</summary>
    public Tensor RitzVector(int i)
    {
        using TensorScope scope = new();
        double[] s = [.. Enumerable.Range(0, Steps).Select(row => _vectors[row * Steps + i])];
        Tensor basis = _basis.Slab(0, [Steps, _basis.Shape[1]], "basis");
        return scope.Return(Tensor.From<double>(_basis.Device, [1, Steps], s).MatMul(basis).Reshape([_basis.Shape[1]]));
    }

    /// <summary>The count smallest and count largest Ritz values with their bounds, one a line: <c>-1.234567E+000 ± 1.2E-010</c>.</summary>
    public string ToText(int count)
    {
        IEnumerable<int> shown = Enumerable.Range(0, Steps).Where(i => i < count || i >= Steps - count);
        return string.Join('\n', shown.Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{RitzValues[i]:E6} ± {ResidualBounds[i]:E1}")));
    }

    /// <summary>Releases the vectors.</summary>
    public void Dispose() => _basis.Dispose();

    internal static LanczosResult Of(Tensor basis, double[] alpha, double[] beta)
    {
        using TensorScope scope = new();
        int m = alpha.Length;
        double[] t = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            t[i * m + i] = alpha[i];
            if (i > 0) t[i * m + i - 1] = t[(i - 1) * m + i] = beta[i - 1];
        }

        Tensor matrix = Tensor.From<double>(basis.Device, [m, m], t, "T");
        return new LanczosResult(
            basis, alpha, beta, matrix.SymmetricEigenvalues().ToArray<double>(), matrix.SymmetricEigenvectors().ToArray<double>());
    }
}
