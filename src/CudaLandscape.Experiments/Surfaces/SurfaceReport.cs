using System.Globalization;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Figures;
using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Experiments.Surfaces;

/// <summary>A measured surface as a figure and as a page.</summary>
/// <param name="settings">The settings.</param>
/// <param name="directions">What x, and y where there is one, go along.</param>
/// <param name="points">What was measured, x running fastest.</param>
/// <param name="data">What the images are.</param>
internal sealed class SurfaceReport(SurfaceSettings settings, IReadOnlyList<string> directions, IReadOnlyList<PointLoss> points, string data)
{
    // From this ratio of the largest to the smallest loss on, the scale is logarithmic.
    private const double LogRatio = 50;

    private string Title => $"{(settings.Loss == Objective.CrossEntropy ? "Cross-entropy" : "Squared loss")} of {settings.Network}, N = {settings.Samples}";

    /// <summary>A line plot, or colours and contours.</summary>
    public IFigure ToFigure()
    {
        double[] grid = settings.Grid, losses = [.. points.Select(p => p.Loss)];
        Axis value = new("loss") { Unit = settings.Loss == Objective.CrossEntropy ? "nats" : "", Scale = ScaleOf(losses) };
        Axis x = new($"x: {directions[0]}");
        if (settings.Dimensions == 1) return new Plot(Title, x, value, Series.LineAndPoints("", grid, losses));
        double[,] values = new double[grid.Length, grid.Length];
        for (int i = 0; i < losses.Length; i++) values[i / grid.Length, i % grid.Length] = losses[i];
        return new SurfacePlot(Title, x, new Axis($"y: {directions[1]}"), value, grid, grid, values);
    }

    /// <summary>The page: what it is, the range of the losses, and the figure.</summary>
    public string ToMarkdown()
    {
        int least = points.Select((p, i) => (p.Loss, i)).Min().i, most = points.Select((p, i) => (p.Loss, i)).Max().i;
        string axes = string.Join("; ", directions.Zip((string[])["x", "y"], (d, name) => $"{name} along the {d}"));
        return $"# {Title}\n\n{data}. {axes}; {settings.Points} points from {Text(settings.Range.From)} to {Text(settings.Range.To)} on each axis.\n\n"
            + "| | x | y | loss | errors |\n| --- | --: | --: | --: | --: |\n"
            + Row("smallest loss", least) + Row("largest loss", most)
            + $"\n![{Title}]({RunFigures.FileOf("surface")})\n";
    }

    private static AxisScale ScaleOf(double[] losses) =>
        losses.Min() > 0 && losses.Max() > LogRatio * losses.Min() ? AxisScale.Log : AxisScale.Linear;

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private string Row(string name, int i)
    {
        double x = settings.Grid[i % settings.Points], y = settings.Dimensions == 2 ? settings.Grid[i / settings.Points] : 0;
        return $"| {name} | {Text(x)} | {Text(y)} | {Text(points[i].Loss)} | {points[i].Errors} of {settings.Samples} |\n";
    }
}
