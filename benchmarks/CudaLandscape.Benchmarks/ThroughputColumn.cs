using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using CudaLandscape.Tensors;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.Benchmarks;

/// <summary>Work per second of <see cref="OpBenchmarks"/>, by the median; empty where the work cannot be counted.</summary>
public sealed class ThroughputColumn : IColumn
{
    private readonly Func<string, DType, double?> _work;

    private ThroughputColumn(string name, string legend, Func<string, DType, double?> work)
    {
        (ColumnName, Legend, _work) = (name, legend, work);
    }

    /// <summary>Bytes of inputs and result, once each, per nanosecond.</summary>
    public static ThroughputColumn GigabytesPerSecond { get; } =
        new("GB/s", "Bytes of inputs and result, once each, per nanosecond", Bytes);

    /// <summary>Floating-point operations per nanosecond.</summary>
    public static ThroughputColumn GigaflopsPerSecond { get; } =
        new("GFLOP/s", "Floating-point operations by the usual count per nanosecond", Flops);

    /// <inheritdoc/>
    public string Id => ColumnName;

    /// <inheritdoc/>
    public string ColumnName { get; }

    /// <inheritdoc/>
    public string Legend { get; }

    /// <inheritdoc/>
    public bool AlwaysShow => false;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Custom;

    /// <inheritdoc/>
    public int PriorityInCategory => 0;

    /// <inheritdoc/>
    public bool IsNumeric => true;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(IsOp);

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (!IsOp(benchmarkCase) || summary[benchmarkCase]?.ResultStatistics is not { } times) return "";
        ParameterInstances parameters = benchmarkCase.Parameters;
        double? work = _work((string)parameters[nameof(OpBenchmarks.Row)], (DType)parameters[nameof(OpBenchmarks.Type)]);
        return work is { } counted ? (counted / times.Median).ToString("F1", CultureInfo.InvariantCulture) : "";
    }

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    private static bool IsOp(BenchmarkCase benchmarkCase) => benchmarkCase.Descriptor.Type == typeof(OpBenchmarks);

    private static double? Bytes(string name, DType type) =>
        BenchmarkTable.Get(name).MovesAll ? OpBenchmarks.Bytes[(name, type)] : null;

    private static double? Flops(string name, DType type) => BenchmarkTable.Get(name) is var row ? row.Flops?.Invoke(row.Size) : null;
}
