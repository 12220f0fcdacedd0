namespace CudaLandscape.Figures;

/// <summary>An axis with its range: where along it a value lies, and its ticks.</summary>
internal sealed class AxisMap
{
    private readonly Axis _axis;
    private readonly double _start, _length;

    /// <summary>Fits the range to the values that can be shown, with a margin on the sides that are not given.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">What is to be shown; others than finite ones, and on a log scale positive ones, do not count.</param>
    /// <param name="margin">Empty part on each side, as a share of the range.</param>
    /// <exception cref="ArgumentException">No value can be shown, or the given limits make no range.</exception>
    public AxisMap(Axis axis, IEnumerable<double> values, double margin)
    {
        _axis = axis;
        double[] shown = [.. values.Where(axis.Shows)];
        Require(shown.Length > 0 || (axis.From is not null && axis.To is not null),
            $"axis '{axis.Label}': no value can be shown; expects at least one that is finite{(axis.Scale == AxisScale.Log ? " and positive" : "")}.");
        double low = Forward(axis.From ?? shown.Min()), high = Forward(axis.To ?? shown.Max());
        Require(double.IsFinite(low) && double.IsFinite(high) && low <= high,
            $"axis '{axis.Label}': from {axis.From} to {axis.To} is no range; give finite limits, the lower first, positive on a log scale.");
        double pad = low < high ? margin * (high - low) : axis.Scale == AxisScale.Log ? 0.5 : Math.Max(Math.Abs(low), 1) / 2;
        _start = low - (axis.From is null || low == high ? pad : 0);
        _length = high + (axis.To is null || low == high ? pad : 0) - _start;
        Ticks = axis.Scale == AxisScale.Log ? Ticks.Log(Low, High) : Ticks.Linear(Low, High);
    }

    public Axis Axis => _axis;

    public double Low => Backward(_start);

    public double High => Backward(_start + _length);

    public Ticks Ticks { get; }

    /// <summary>0 at the low end, 1 at the high end; NaN for what cannot be shown.</summary>
    public double Fraction(double value) => _axis.Shows(value) ? (Forward(value) - _start) / _length : double.NaN;

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }

    private double Forward(double value) => _axis.Scale == AxisScale.Log ? Math.Log10(value) : value;

    private double Backward(double position) => _axis.Scale == AxisScale.Log ? Math.Pow(10, position) : position;
}
