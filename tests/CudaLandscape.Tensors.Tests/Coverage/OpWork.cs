using System.Text.RegularExpressions;

namespace CudaLandscape.Tensors.Tests.Coverage;

/// <summary>The kernels a piece of work launches on the check device, and what it calls in cuBLAS and cuSOLVER.</summary>
internal sealed partial record OpWork(IReadOnlySet<string> Kernels, IReadOnlySet<string> Calls)
{
    private static readonly Lazy<string[]> s_kernels = new(() => [.. Softcuda.Kernels()]);

    /// <summary>Whether LAPACK takes part, whose results may change in their last bits with the number of threads.</summary>
    public bool UsesLapack => Calls.Any(call => call.StartsWith("cusolver", StringComparison.Ordinal));

    /// <summary>What the work does beyond creating handles and asking for sizes.</summary>
    public static OpWork Of(Action work)
    {
        Dictionary<string, long> kernels = Launches(), calls = Softcuda.Calls();
        work();
        return new OpWork(Risen(kernels, Launches()), Risen(calls, Softcuda.Calls()).Where(IsRoutine).ToHashSet());
    }

    /// <summary>Both together.</summary>
    public OpWork And(OpWork other) => new(Kernels.Union(other.Kernels).ToHashSet(), Calls.Union(other.Calls).ToHashSet());

    /// <summary>Names without their types, such as <c>elementwise_exp</c> and <c>cublas&lt;t&gt;gemm</c>, in order.</summary>
    public IEnumerable<string> Names() =>
        Kernels.Select(kernel => KernelType().Replace(kernel, "")).Concat(Calls.Select(call => CallType().Replace(call, "$1<t>$2")))
            .Distinct().Order(StringComparer.Ordinal);

    private static bool IsRoutine(string function) => Routine().IsMatch(function);

    private static HashSet<string> Risen(Dictionary<string, long> before, Dictionary<string, long> after) =>
        [.. after.Where(pair => pair.Value > before.GetValueOrDefault(pair.Key)).Select(pair => pair.Key)];

    private static Dictionary<string, long> Launches() => s_kernels.Value.ToDictionary(kernel => kernel, Softcuda.LaunchCount);

    [GeneratedRegex("_(f32|f64|i32|u8)$")]
    private static partial Regex KernelType();

    // cublasSgemm_v2_64 and cublasDgemm_v2_64 are one routine; cuSOLVER's 64-bit routines have no type in their names.
    [GeneratedRegex("^(cublas|cusolverDn)[SD]([a-z]+).*$")]
    private static partial Regex CallType();

    [GeneratedRegex("^(cublas[SD][a-z]|cusolverDn[SDX][a-z])(?!.*[bB]ufferSize)")]
    private static partial Regex Routine();
}
