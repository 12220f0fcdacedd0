namespace CudaLandscape.Figures;

/// <summary>The line below a figure that says how many points are missing from it.</summary>
internal static class HiddenNote
{
    public static void Write(SvgWriter svg, PlotArea area, int hidden, double height, params ReadOnlySpan<Axis> axes)
    {
        string rule = "not finite";
        foreach (Axis axis in axes)
        {
            if (axis.Scale == AxisScale.Log) rule = "not finite, or not positive on a log scale";
        }

        svg.Text(area.Left, height - 8, $"not shown: {hidden} {(hidden == 1 ? "point" : "points")} ({rule})", "start",
            ("class", "hidden"), ("font-size", TextSize.Small));
    }
}
