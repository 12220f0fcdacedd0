namespace CudaLandscape.Figures;

/// <summary>Ticks of an axis: those with a label, and the small ones between.</summary>
/// <param name="Major">Value and label, rising.</param>
/// <param name="Minor">Values of the small ones, rising.</param>
internal sealed record Ticks(IReadOnlyList<(double Value, string Label)> Major, IReadOnlyList<double> Minor)
{
    // Ticks at the very ends of a range must not be lost to rounding.
    private const double Slack = 1e-9;
    private const int MostDecades = 8;

    /// <summary>Multiples of 1, 2 or 5 times a power of ten, four to nine of them, with four or five intervals between two.</summary>
    public static Ticks Linear(double low, double high)
    {
        double step = NiceStep((high - low) / 8);
        int leading = (int)Math.Round(step / PowerOfTen(Math.Floor(Math.Log10(step * (1 + Slack)))));
        double[] major = [.. Multiples(step, low, high)], minor = [.. Multiples(step / (leading == 2 ? 4 : 5), low, high)];
        return new Ticks([.. major.Zip(TickLabels.Linear(major, step))], Without(minor, major, step * Slack));
    }

    /// <summary>
    /// Powers of ten with 2 to 9 times them as small ticks. Over many decades only every second, third, … power has a label and
    /// the others are the small ticks; over less than two the labels are at 1, 2 and 5, and where fewer than two of those fit, as on a linear scale.
    /// </summary>
    public static Ticks Log(double low, double high)
    {
        int first = (int)Math.Ceiling(Math.Log10(low) - Slack), last = (int)Math.Floor(Math.Log10(high) + Slack);
        if (Math.Log10(high / low) < 2) return WithinTwoDecades(low, high);
        int stride = (last - first) / MostDecades + 1;
        int[] powers = [.. Enumerable.Range(first, last - first + 1)];
        (double, string)[] major = [.. powers.Where(p => p % stride == 0).Select(p => (PowerOfTen(p), TickLabels.Power(p)))];
        return new Ticks(major, stride > 1
            ? [.. powers.Where(p => p % stride != 0).Select(p => PowerOfTen(p))]
            : [.. Digits(low, high, [2, 3, 4, 5, 6, 7, 8, 9])]);
    }

    private static Ticks WithinTwoDecades(double low, double high)
    {
        double[] major = [.. Digits(low, high, [1, 2, 5])];
        if (major.Length < 2) return Linear(low, high);
        return new Ticks([.. major.Select(v => (v, TickLabels.Number(v)))], [.. Digits(low, high, [3, 4, 6, 7, 8, 9])]);
    }

    // 1, 2 or 5 times a power of ten, not below the least.
    private static double NiceStep(double least)
    {
        double power = PowerOfTen(Math.Floor(Math.Log10(least)));
        return ((double[])[1, 2, 5, 10]).First(m => m * power >= least * (1 - Slack)) * power;
    }

    private static IEnumerable<double> Multiples(double step, double low, double high)
    {
        long first = (long)Math.Ceiling(low / step - Slack), last = (long)Math.Floor(high / step + Slack);
        for (long i = first; i <= last; i++) yield return i * step;
    }

    private static IEnumerable<double> Digits(double low, double high, int[] digits)
    {
        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Floor(Math.Log10(high) + Slack);
        return Enumerable.Range(first, last - first + 1).SelectMany(p => digits.Select(d => d * PowerOfTen(p)))
            .Where(v => v >= low * (1 - Slack) && v <= high * (1 + Slack));
    }

    private static double[] Without(double[] values, double[] others, double tolerance) =>
        [.. values.Where(v => !others.Any(o => Math.Abs(o - v) <= tolerance))];

    private static double PowerOfTen(double exponent) => Math.Pow(10, exponent);
}
