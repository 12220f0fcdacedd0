using CudaLandscape.Figures;
using CudaLandscape.Landscape.CriticalPoints;

namespace CudaLandscape.Experiments.Claims;

/// <summary>The eigenvalues of Hessians, rising, over the share of those below.</summary>
internal static class SpectrumPlot
{
    /// <summary>Draws the spectra of named points, each divided by its largest |λ| when that is wanted and not zero.</summary>
    public static Plot Of(string title, bool relative, params IReadOnlyList<(string Name, CriticalPoint Point)> points) => new(
        title, new Axis("share of the eigenvalues"), new Axis(relative ? "λ / max |λ|" : "eigenvalue λ of the Hessian"),
        [.. points.Select(p => Series.LineAndPoints(p.Name, Shares(p.Point), Values(p.Point, relative))), Series.Horizontal("", 0)]);

    private static double[] Shares(CriticalPoint point) =>
        [.. Enumerable.Range(0, point.Eigenvalues.Length).Select(i => (i + 0.5) / point.Eigenvalues.Length)];

    private static double[] Values(CriticalPoint point, bool relative)
    {
        double largest = point.Eigenvalues.Max(Math.Abs);
        return relative && largest > 0 ? [.. point.Eigenvalues.Select(e => e / largest)] : point.Eigenvalues;
    }
}
