using CudaLandscape.Benchmarks;

// Our sides of the comparisons in baselines/.
Dictionary<string, Action<string[]>> comparisons = new()
{
    ["mnist-step"] = MnistStep.Run,
    ["mnist-epoch"] = EpochTimes.Run,
    ["together"] = TogetherStep.Run,
    ["dispatch"] = Dispatch.Run,
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

OpRuns.Run(args);
