namespace CudaLandscape.Landscape.BadMinima;

/// <summary>Weights of a network with one hidden layer of h units and one output, f(x) = Σ_j V_j σ(⟨W_j, x⟩ + B_j) + C.</summary>
/// <param name="W">W[h][d].</param>
/// <param name="B">B[h].</param>
/// <param name="V">V[h].</param>
/// <param name="C">C.</param>
public sealed record ShallowPoint(double[][] W, double[] B, double[] V, double C)
{
    /// <summary>h.</summary>
    public int Width => V.Length;

    /// <summary>W row by row, then B, V and C, as one vector θ.</summary>
    public double[] ToVector() => [.. W.SelectMany(row => row), .. B, .. V, C];

    /// <summary>The inputs of σ, [h][N], for samples x[N][d].</summary>
    public double[][] Preactivations(IReadOnlyList<double[]> x) =>
        [.. W.Zip(B, (row, b) => x.Select(sample => b + row.Zip(sample, (w, s) => w * s).Sum()).ToArray())];
}
