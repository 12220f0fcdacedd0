using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Tests;

/// <summary>
/// Every call of a training step into the driver, cuBLAS and cuSOLVER fails once: the failure is a <see cref="CudaException"/>
/// that names the call, nothing stays behind, and the next attempt works.
/// </summary>
[Collection("device")]
public sealed class FaultTests
{
    // A release must not throw: its failure is reported by the next call, and what could not be released stays counted.
    private static readonly HashSet<string> Releases =
    [
        "cuMemFree_v2", "cuStreamDestroy_v2", "cuEventDestroy_v2", "cuModuleUnload", "cuDevicePrimaryCtxRelease_v2",
        "cuGraphExecDestroy", "cublasDestroy_v2", "cusolverDnDestroy", "cusolverDnDestroyParams",
    ];

    [SkippableTheory, InlineData("soft:0"), InlineData("soft:1")]
    public void Every_call_of_a_training_step_can_fail_once(string device)
    {
        Softcuda.Require();
        DeviceId id = DeviceId.Parse(device);
        Dictionary<string, long> calls = CallsOf(() => TrainingStep.Run(id), out double expected);
        Assert.True(calls.Count > 50, $"the step calls only {calls.Count} functions");
        List<string> problems = [];
        foreach ((string function, long count) in calls)
        {
            foreach (int call in Sample(count))
            {
                string? problem = Releases.Contains(function) ? FailedRelease(id, function, call) : FailedCall(id, function, call);
                if (problem is not null) problems.Add($"{function}:{call} of {count}: {problem}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.Equal(expected, TrainingStep.Run(id));
    }

    private static string? FailedCall(DeviceId id, string function, int call)
    {
        int live = LiveHandles.Count;
        string? problem = null;
        using (Softcuda.FailCall(function, call, StatusFor(function)))
        {
            Exception? failure = Record.Exception(() => TrainingStep.Run(id));
            if (failure is CudaException cuda) problem = cuda.Call.Contains(function) ? null : $"the exception names {cuda.Call}";
            else if (!MayPass(function, failure)) problem = $"answered by {failure?.ToString() ?? "no exception"}";
        }

        problem ??= Record.Exception(() => TrainingStep.Run(id)) is { } next ? $"the next attempt fails: {next}" : null;
        return problem ?? (LiveHandles.Count == live ? null : $"leaves {LiveHandles.Count - live} handles: {Kinds()}");
    }

    private static string? FailedRelease(DeviceId id, string function, int call)
    {
        int live = LiveHandles.Count;
        Exception? failure;
        using (Softcuda.FailCall(function, call, StatusFor(function))) failure = Record.Exception(() => TrainingStep.Run(id));
        failure ??= Record.Exception(() => TrainingStep.Run(id));
        if (failure is not CudaException cuda) return $"answered by {failure?.ToString() ?? "no exception"}";
        if (!cuda.Message.Contains("reported now") || !cuda.Call.Contains(function)) return $"reported as {cuda.Message}";
        if (Record.Exception(() => TrainingStep.Run(id)) is { } next) return $"the next attempt fails: {next}";
        return LiveHandles.Count == live + 1 ? null : $"{LiveHandles.Count - live} handles stay counted instead of one: {Kinds()}";
    }

    // A context that could not be made current before a release is still current from the call before.
    private static bool MayPass(string function, Exception? failure) => failure is null && function == "cuCtxSetCurrent";

    private static int StatusFor(string function) => function switch
    {
        _ when function.StartsWith("cublas", StringComparison.Ordinal) => 14, // CUBLAS_STATUS_INTERNAL_ERROR
        _ when function.StartsWith("cusolver", StringComparison.Ordinal) => 7, // CUSOLVER_STATUS_INTERNAL_ERROR
        _ => 999, // CUDA_ERROR_UNKNOWN
    };

    private static IEnumerable<int> Sample(long count) => FullTests.Enabled
        ? Enumerable.Range(1, (int)count)
        : new[] { 1, (int)(count + 1) / 2, (int)count }.Distinct();

    private static Dictionary<string, long> CallsOf(Func<double> step, out double result)
    {
        _ = step();
        Dictionary<string, long> before = Softcuda.Calls();
        result = step();
        return Softcuda.Calls().ToDictionary(call => call.Key, call => call.Value - before.GetValueOrDefault(call.Key))
            .Where(call => call.Value > 0).ToDictionary();
    }

    private static string Kinds() => string.Join(", ", LiveHandles.ByKind.Select(kind => $"{kind.Value} {kind.Key}"));
}
