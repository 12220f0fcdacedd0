using System.Globalization;

namespace CudaLandscape.Figures;

/// <summary>Numbers as they stand at an axis: −0.5, 2000, 3×10⁻⁵, 10⁴.</summary>
internal static class TickLabels
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Labels of equally spaced ticks, all with the decimals that the step needs.</summary>
    public static IEnumerable<string> Linear(IReadOnlyList<double> ticks, double step)
    {
        double largest = ticks.Select(Math.Abs).DefaultIfEmpty(0).Max();
        bool plain = largest < 1e5 && step >= 1e-4;
        int power = plain || largest == 0 ? 0 : (int)Math.Floor(Math.Log10(largest));
        int decimals = Math.Max(0, power - (int)Math.Floor(Math.Log10(step) + 1e-9));
        return ticks.Select(t => Math.Abs(t) < step / 2 ? "0"
            : Fixed(t / Math.Pow(10, power), decimals) + (plain ? "" : $"×{Power(power)}"));
    }

    /// <summary>A number with few digits.</summary>
    public static string Number(double value)
    {
        int power = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        return power is >= -3 and <= 4
            ? Minus(value.ToString("0.#####", CultureInfo.InvariantCulture))
            : $"{Minus((value / Math.Pow(10, power)).ToString("0.##", CultureInfo.InvariantCulture))}×{Power(power)}";
    }

    /// <summary>10ⁿ.</summary>
    public static string Power(int n) =>
        "10" + (n < 0 ? "⁻" : "") + string.Concat(Math.Abs(n).ToString(CultureInfo.InvariantCulture).Select(d => Superscripts[d - '0']));

    private static string Fixed(double value, int decimals) => Minus(value.ToString($"F{decimals}", CultureInfo.InvariantCulture));

    private static string Minus(string number) => number.Replace('-', '−');
}
