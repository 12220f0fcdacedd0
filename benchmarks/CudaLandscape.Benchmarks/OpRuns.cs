using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace CudaLandscape.Benchmarks;

/// <summary>BenchmarkDotNet's runs of single ops. Nothing else of this program needs its libraries, which a bundle leaves out.</summary>
internal static class OpRuns
{
    /// <summary>Runs the benchmarks that BenchmarkDotNet's arguments choose, or all of them.</summary>
    public static void Run(string[] arguments)
    {
        // In process: a machine with a GPU may have the .NET runtime and no SDK.
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(9)
                .WithIterationTime(TimeInterval.FromMilliseconds(100)))
            .AddColumn(StatisticColumn.Median, ThroughputColumn.GigabytesPerSecond, ThroughputColumn.GigaflopsPerSecond)
            .WithSummaryStyle(SummaryStyle.Default.WithTimeUnit(TimeUnit.Nanosecond).WithMaxParameterColumnWidth(60))
            .WithOptions(ConfigOptions.DisableOptimizationsValidator);
        BenchmarkSwitcher.FromAssembly(typeof(OpRuns).Assembly).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
    }
}
