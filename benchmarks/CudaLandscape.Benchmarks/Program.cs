using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using CudaLandscape.Benchmarks;
using Perfolizer.Horology;

// Our sides of the comparisons in baselines/.
Dictionary<string, Action<string[]>> comparisons = new()
{
    ["mnist-step"] = MnistStep.Run,
    ["conv-step"] = ConvolutionStep.Run,
    ["skip-head"] = SkipHead.Run,
    ["hessian-product"] = HessianProduct.Run,
    ["rank"] = RankTimes.Run,
    ["rank-rate"] = RankRate.Run,
};
if (args.Length > 0 && comparisons.TryGetValue(args[0], out Action<string[]>? run))
{
    run(args[1..]);
    return;
}

// In process: a machine with a GPU may have the .NET runtime and no SDK.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(9)
        .WithIterationTime(TimeInterval.FromMilliseconds(100)))
    .AddColumn(StatisticColumn.Median, ThroughputColumn.GigabytesPerSecond, ThroughputColumn.GigaflopsPerSecond)
    .WithSummaryStyle(SummaryStyle.Default.WithTimeUnit(TimeUnit.Nanosecond).WithMaxParameterColumnWidth(60))
    .WithOptions(ConfigOptions.DisableOptimizationsValidator);
BenchmarkSwitcher.FromAssembly(typeof(DispatchBenchmarks).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
