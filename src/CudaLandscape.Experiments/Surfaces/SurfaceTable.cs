using System.Globalization;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Surfaces;

/// <summary>
/// table.csv of a surface: x, y, loss and errors, one row for each point, x running fastest. A row counts once its line feed is
/// there; what a kill left of a later one is cut off.
/// </summary>
internal sealed class SurfaceTable : IDisposable
{
    private static readonly string[] s_columns = ["x", "y", "loss", "errors"];
    private readonly AppendedTable _rows;
    private readonly List<PointLoss> _done = [];

    /// <summary>Opens the table of a run with the points that are in it.</summary>
    /// <param name="path">The file; made when there is none.</param>
    /// <param name="points">The coordinates of all points in order.</param>
    /// <exception cref="DataFileException">The rows are not those of the points.</exception>
    public SurfaceTable(string path, IReadOnlyList<(double X, double Y)> points)
    {
        long bytes = File.Exists(path) ? Read(path, points) : 0;
        _rows = new AppendedTable(path, s_columns);
        _rows.Truncate(bytes);
    }

    /// <summary>What was measured, in the order of the points.</summary>
    public IReadOnlyList<PointLoss> Done => _done;

    /// <summary>Adds the next point.</summary>
    public void Add((double X, double Y) point, PointLoss measured)
    {
        _rows.Append(point.X, point.Y, measured.Loss, measured.Errors);
        _done.Add(measured);
    }

    /// <summary>Brings the rows to disk and closes the file.</summary>
    public void Dispose()
    {
        _rows.Flush();
        _rows.Dispose();
    }

    // Bytes of the header and the whole rows; 0 when not even the header is whole.
    private long Read(string path, IReadOnlyList<(double X, double Y)> points)
    {
        string text = File.ReadAllText(path);
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach ((string line, int i) in lines.Skip(1).Select((line, i) => (line, i)))
        {
            double[] values = [.. line.Split(',').Select(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) ? v : double.NaN)];
            if (values.Length != s_columns.Length || i >= points.Count || (values[0], values[1]) != points[i])
                throw new DataFileException(
                    path, 0, $"row {i + 1} is not point {i + 1} of this surface", line, i < points.Count ? $"x, y = {points[i]}" : "no further row",
                    "Restore the file, or begin another run with --new.");
            _done.Add(new PointLoss(values[2], (int)values[3]));
        }

        return lines.Sum(line => (long)line.Length + 1);
    }
}
