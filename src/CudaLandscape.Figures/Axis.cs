namespace CudaLandscape.Figures;

/// <summary>An axis: what it shows, in which unit, on which scale.</summary>
/// <param name="Label">What it shows.</param>
public sealed record Axis(string Label)
{
    /// <summary>The unit, set in brackets behind the label; empty for a pure number.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Linear unless said otherwise.</summary>
    public AxisScale Scale { get; init; }

    /// <summary>Where it begins; null for what the data need.</summary>
    public double? From { get; init; }

    /// <summary>Where it ends; null for what the data need.</summary>
    public double? To { get; init; }

    internal string Text => Unit.Length == 0 ? Label : $"{Label} [{Unit}]";

    /// <summary>The rule for gaps: a value is shown when it is finite, and on a log scale positive.</summary>
    internal bool Shows(double value) => double.IsFinite(value) && (Scale == AxisScale.Linear || value > 0);
}
