using CudaLandscape.Figures;
using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.SpinGlass;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>Descent ends in a band of energies that narrows with the number of spins.</summary>
internal sealed class SpinGlassDescentClaim : IClaim
{
    public int Item => 30;

    public string Name => "spin-glass-descent";

    public string Statement => "minima of a spherical 3-spin glass lie in a band of energies that narrows with its size";

    public string Source => $"{DeepLinearClaims.Note}, Theorem 2, after Choromanska et al., AISTATS'15";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
        [new("inits", "descents for each number of spins", 30, 20, 100_000), new("spins", "the largest number of spins; a half and a quarter are tried too", 80, 60, 1000)];

    public long EstimateBytes(ClaimContext context) => 3L * sizeof(double) * context.Size("spins") * context.Size("spins") * context.Size("spins");

    public ClaimResult Run(ClaimContext context)
    {
        int spins = context.Size("spins");
        (int spins, CriticalPoint[] ends)[] runs = [.. ((int[])[spins / 4, spins / 2, spins]).Select(n => (n, Ends(context, n)))];
        CriticalPoint[] small = runs[0].ends, large = runs[^1].ends;
        return new ClaimResult(
            Check.AtMost($"spread of H/N at {spins} spins over that at {spins / 4}", Spread(large) / Spread(small), 0.8),
            Check.AtMost("largest index where descent ends", runs.Max(r => r.ends.Max(e => e.Index)), 0),
            Check.AtMost($"mean H/N at {spins} spins", large.Average(e => e.Value), -1.45),
            Check.AtLeast($"mean H/N at {spins} spins", large.Average(e => e.Value), -1.67),
            Check.AtMost("largest ‖gradient‖", runs.Max(r => r.ends.Max(e => e.GradientNorm)), 1e-10))
        {
            Note = "Mean and standard deviation of H/N: " + string.Join("; ", runs.Select(r =>
                $"N = {r.spins}: {r.ends.Average(e => e.Value):F3} ± {Spread(r.ends):F3}")) + ". Reference runs of 12 descents: -1.47 (N = 30), "
                + "-1.52 (60), -1.54 (120). The ground state is -1.657 and the threshold -E_∞ = -1.633 as N → ∞; at these N descent ends above both. "
                + "A ratio of two spreads from n runs each has itself a relative error of about 1/√n, which is why few runs decide nothing.",
            Figures = [new("spin-glass-descent", Draw(runs))],
        };
    }

    private static Plot Draw((int Spins, CriticalPoint[] Ends)[] runs) => new(
        "Where descent on a spherical 3-spin glass ends", new Axis("number of spins N"), new Axis("energy per spin H/N"),
        Series.Points("ends of descents", [.. runs.SelectMany(r => r.Ends.Select(_ => (double)r.Spins))], [.. runs.SelectMany(r => r.Ends.Select(e => e.Value))]),
        Series.LineAndPoints("mean", [.. runs.Select(r => (double)r.Spins)], [.. runs.Select(r => r.Ends.Average(e => e.Value))]),
        Series.Horizontal("−E∞ as N → ∞", -2 * Math.Sqrt(2.0 / 3)));

    private static CriticalPoint[] Ends(ClaimContext context, int spins)
    {
        using SphericalSpinGlass glass = new(context.Device, spins, 3, context.Stream(2000 + (ulong)spins));
        return [.. EnergyIndexSurvey.Descents(glass, context.Size("inits"), context.Stream(10_000), context.Cancellation)];
    }

    private static double Spread(CriticalPoint[] ends)
    {
        double mean = ends.Average(e => e.Value);
        return Math.Sqrt(ends.Sum(e => (e.Value - mean) * (e.Value - mean)) / (ends.Length - 1));
    }
}
