using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Benchmarks;

/// <summary>
/// One row of the benchmark table: how the inputs of an op are made for a size n, and the call that is timed, which applies
/// this op and no other.
/// </summary>
public sealed record BenchmarkRow(string Op, string Case, int Size, Func<BenchmarkInputs, int, Func<Tensor>> Prepare)
{
    /// <summary>Floating-point operations of one call as a function of n, where the usual count exists.</summary>
    public Func<double, double>? Flops { get; init; }

    /// <summary>False where a call does not read all of its inputs and write its result: a view, a choice of few elements.</summary>
    public bool MovesAll { get; init; } = true;

    /// <summary>Tensors of the result's size that a call writes: more than one where work in place changes several.</summary>
    public int Written { get; init; } = 1;

    /// <summary>Op, shapes and size.</summary>
    public override string ToString() => $"{Op} {Case} n={Size}";
}
