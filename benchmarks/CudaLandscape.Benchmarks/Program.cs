using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using CudaLandscape.Benchmarks;
using Perfolizer.Horology;

if (args is ["mnist-step", .. string[] arguments])
{
    MnistStep.Run(arguments);
    return;
}

if (args is ["hessian-product", .. string[] rest])
{
    HessianProduct.Run(rest);
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
