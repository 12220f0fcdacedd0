using System.Globalization;
using System.Text;

namespace CudaLandscape.Experiments.Runs;

/// <summary>Rows of named values, written as CSV (numbers in full precision, absent values empty).</summary>
internal sealed class MetricsTable(IReadOnlyList<string> columns)
{
    private readonly List<Dictionary<string, object>> _rows = [];

    public int Count => _rows.Count;

    /// <summary>Begins a row; values set later go to it.</summary>
    public void Begin() => _rows.Add([]);

    /// <summary>Sets a value of the last row; null leaves it absent.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public void Set(string column, object? value)
    {
        if (!columns.Contains(column)) throw new ArgumentException($"metrics.csv has no column {column}.");
        if (value is not null) _rows[^1][column] = value;
    }

    public string ToCsv()
    {
        StringBuilder csv = new();
        csv.AppendJoin(',', columns).Append('\n');
        foreach (Dictionary<string, object> row in _rows)
            csv.AppendJoin(',', columns.Select(c => row.TryGetValue(c, out object? value) ? Text(value) : "")).Append('\n');
        return csv.ToString();
    }

    /// <summary>A value as a cell.</summary>
    internal static string Text(object value)
    {
        string text = value is double number ? number.ToString("R", CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return text.AsSpan().IndexOfAny(",\"\n") >= 0 ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
