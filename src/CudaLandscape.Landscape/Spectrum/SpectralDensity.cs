using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Spectrum;

/// <summary>
/// Stochastic Lanczos quadrature: the density of the n eigenvalues, (1/n) Σ δ(t - λᵢ), as the mean over random unit vectors v of
/// their spectral measures, each given by the nodes and weights of an m-point Gauss quadrature that Lanczos' iteration yields
/// (Ubaru, Chen and Saad, SIAM J. Matrix Anal. Appl. 38, 2017; for networks Ghorbani, Krishnan and Xiao, ICML'19). The quadrature
/// is exact for polynomials of degree 2m - 1; what remains is the spread over the vectors, which falls as 1/√vectors.
/// </summary>
public sealed class SpectralDensity
{
    private readonly (double[] Nodes, double[] Weights)[] _measures;

    private SpectralDensity((double[] Nodes, double[] Weights)[] measures) => _measures = measures;

    /// <summary>Estimates the density of a map.</summary>
    /// <param name="a">The map, of dimension n.</param>
    /// <param name="vectors">Random vectors, 2 or more, so that a spread can be told.</param>
    /// <param name="steps">m for each.</param>
    /// <param name="stream">Vector i draws from stream + i.</param>
    /// <param name="cancellation">Checked before every product.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 vectors or 1 step.</exception>
    public static SpectralDensity Estimate(
        SymmetricOperator a, int vectors, int steps, RandomStream stream, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vectors, 2);
        var measures = new (double[], double[])[vectors];
        for (int i = 0; i < vectors; i++)
        {
            using LanczosResult run = Lanczos.Run(a, steps, stream with { Stream = stream.Stream + (ulong)i }, cancellation);
            measures[i] = (run.RitzValues, run.Weights);
        }

        return new SpectralDensity(measures);
    }

    /// <summary>Mean of f over the eigenvalues, (1/n) tr f(A), with its standard error over the vectors.</summary>
    public (double Value, double StandardError) Mean(Func<double, double> f)
    {
        double[] means = Array.ConvertAll(_measures, m => m.Nodes.Zip(m.Weights, (node, weight) => weight * f(node)).Sum());
        double mean = means.Average(), square = means.Sum(value => (value - mean) * (value - mean));
        return (mean, Math.Sqrt(square / (means.Length - 1.0) / means.Length));
    }

    /// <summary>The density at t, smoothed by a Gaussian of the given standard deviation; it integrates to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not positive.</exception>
    public double At(double t, double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(deviation);
        return Mean(node => Math.Exp(-0.5 * Math.Pow((t - node) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI))).Value;
    }

    /// <summary>The share of eigenvalues at or below t.</summary>
    public double ShareBelow(double t) => Mean(node => node <= t ? 1 : 0).Value;
}
