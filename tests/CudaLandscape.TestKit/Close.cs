using Xunit;

namespace CudaLandscape.TestKit;

/// <summary>Elementwise comparisons; averages hide single wrong elements.</summary>
public static class Close
{
    /// <summary>|actual - expected| ≤ tolerance · max(1, |expected|) for every element; NaN equals NaN, infinities themselves.</summary>
    public static void Relative(double[] expected, double[] actual, double tolerance, string what) =>
        Compare(expected, actual, e => tolerance * Math.Max(1, Math.Abs(e)), what);

    /// <summary>|actual - expected| ≤ tolerance · largest finite |expected| (at least <paramref name="floor"/>).</summary>
    public static void ToScale(double[] expected, double[] actual, double tolerance, double floor, string what)
    {
        double scale = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        Compare(expected, actual, _ => tolerance * Math.Max(floor, scale), what);
    }

    private static void Compare(double[] expected, double[] actual, Func<double, double> allowed, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: expected {expected.Length} elements, got {actual.Length}");
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i], a = actual[i];
            bool same = double.IsFinite(e) && double.IsFinite(a) ? Math.Abs(a - e) <= allowed(e) : e.Equals(a);
            Assert.True(same, $"{what}: element {i} is {a:R}, expected {e:R} (difference {a - e:E3})");
        }
    }
}
