using CudaLandscape.Figures;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.SpinGlass;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>The higher the energy of a critical point, the larger its index, along the curve of random matrix theory.</summary>
internal sealed class SpinGlassIndexClaim : IClaim
{
    public int Item => 30;

    public string Name => "spin-glass-index";

    public string Statement => "the index of critical points of a spherical 3-spin glass rises with their energy";

    public string Source => $"{DeepLinearClaims.Note}, Theorem 2, after Choromanska et al., AISTATS'15";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
        [new("runs", "searches", 40, 20, 100_000), new("spins", "number of spins N", 50, 30, 500)];

    public long EstimateBytes(ClaimContext context) => 3L * sizeof(double) * context.Size("spins") * context.Size("spins") * context.Size("spins");

    public ClaimResult Run(ClaimContext context)
    {
        int spins = context.Size("spins");
        using SphericalSpinGlass glass = new(context.Device, spins, 3, context.Stream(2500));
        IReadOnlyList<CriticalPoint> found = EnergyIndexSurvey.AnyIndex(
            glass, context.Size("runs"), 8, 3, context.Stream(20_000), context.Cancellation);
        double[] shares = [.. found.Select(p => p.Index / (spins - 1.0))], energies = [.. found.Select(p => p.Value)];
        if (found.Count < 10) return new ClaimResult { OpenBecause = $"only {found.Count} searches converged" };
        double error = shares.Zip(energies, (s, e) => Math.Abs(s - glass.ExpectedIndexShare(e))).Average();
        return new ClaimResult(
            Check.AtMost("mean |index / (N-1) - share of random matrix theory at that energy|", error, 0.5 / Math.Sqrt(spins)),
            Check.AtLeast("correlation of index and energy", Correlation(shares, energies), 0.9),
            Check.AtLeast("largest index / (N-1) less the smallest", shares.Max() - shares.Min(), 0.2),
            Check.Observe("searches that converged", found.Count, $"of {context.Size("runs")}"))
        {
            Note = $"N = {spins}; energies {energies.Min():F3} to {energies.Max():F3}, indices {found.Min(p => p.Index)} to {found.Max(p => p.Index)}; "
                + $"-E_∞ = {glass.Threshold:F5}. The Hessian at energy e is a Gaussian matrix with a semicircle of radius 2 √(p(p-1)) about -p e.",
            Figures = [new("spin-glass-index", Draw(glass, energies, shares))],
        };
    }

    private static Plot Draw(SphericalSpinGlass glass, double[] energies, double[] shares)
    {
        (double low, double high) = (Math.Min(energies.Min(), glass.Threshold), energies.Max());
        double[] line = [.. Enumerable.Range(0, 101).Select(i => low + (high - low) * i / 100)];
        return new Plot(
            $"Critical points of a spherical 3-spin glass, N = {glass.Spins}", new Axis("energy per spin H/N"), new Axis("index / (N − 1)"),
            Series.Line("random matrix theory, N → ∞", line, [.. line.Select(glass.ExpectedIndexShare)]),
            Series.Points("critical points found", energies, shares),
            Series.Vertical("−E∞", glass.Threshold));
    }

    private static double Correlation(double[] a, double[] b)
    {
        (double ma, double mb) = (a.Average(), b.Average());
        double ab = a.Zip(b, (x, y) => (x - ma) * (y - mb)).Sum();
        return ab / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(y => (y - mb) * (y - mb)));
    }
}
