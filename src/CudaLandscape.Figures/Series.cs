namespace CudaLandscape.Figures;

/// <summary>Numbers that are drawn in one colour under one name.</summary>
public sealed record Series
{
    private Series(string name, SeriesKind kind, IReadOnlyList<double> x, IReadOnlyList<double> y) => (Name, Kind, X, Y) = (name, kind, x, y);

    /// <summary>Name in the legend; empty for none.</summary>
    public string Name { get; }

    internal SeriesKind Kind { get; }

    internal IReadOnlyList<double> X { get; }

    internal IReadOnlyList<double> Y { get; }

    internal bool HasLine => Kind is SeriesKind.Line or SeriesKind.LineAndPoints;

    internal bool HasPoints => Kind is SeriesKind.Points or SeriesKind.LineAndPoints;

    internal bool IsReference => Kind is SeriesKind.Vertical or SeriesKind.Horizontal;

    /// <summary>A line through points, interrupted at a point that cannot be shown.</summary>
    /// <exception cref="ArgumentException">x and y differ in number, or there are none.</exception>
    public static Series Line(string name, IReadOnlyList<double> x, IReadOnlyList<double> y) => OfPairs(name, SeriesKind.Line, x, y);

    /// <summary>Marks at points.</summary>
    /// <exception cref="ArgumentException">x and y differ in number, or there are none.</exception>
    public static Series Points(string name, IReadOnlyList<double> x, IReadOnlyList<double> y) => OfPairs(name, SeriesKind.Points, x, y);

    /// <summary>A line with a mark at every point.</summary>
    /// <exception cref="ArgumentException">x and y differ in number, or there are none.</exception>
    public static Series LineAndPoints(string name, IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        OfPairs(name, SeriesKind.LineAndPoints, x, y);

    /// <summary>A dashed reference line at one x over the whole height.</summary>
    public static Series Vertical(string name, double x) => new(name, SeriesKind.Vertical, [x], []);

    /// <summary>A dashed reference line at one y over the whole width.</summary>
    public static Series Horizontal(string name, double y) => new(name, SeriesKind.Horizontal, [], [y]);

    private static Series OfPairs(string name, SeriesKind kind, IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        x.Count == y.Count && x.Count > 0
            ? new Series(name, kind, [.. x], [.. y])
            : throw new ArgumentException($"series '{name}': expects as many x as y, and at least one; got {x.Count} and {y.Count}.");
}
