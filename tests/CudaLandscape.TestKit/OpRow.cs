using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>One row of the op table: everything the suite needs to derive its tests of an op.</summary>
public sealed record OpRow(string Op, string Case, HostArray[] Inputs, Func<Tensor[], Tensor> Run, Func<HostArray[], HostArray> Reference)
{
    /// <summary>False for ops without gradients, such as arg-max.</summary>
    public bool Differentiable { get; init; } = true;

    /// <summary>Allowed error of a float32 result, in units of float32 epsilon times the largest magnitude of the result.</summary>
    public double Float32Tolerance { get; init; } = 4;

    /// <summary>True when the result has the value type of the float inputs; false when it is fixed (Int32, a cast).</summary>
    public bool FollowsType { get; init; } = true;

    /// <summary>Half-width of the finite differences; rows whose inputs are close to a kink choose a smaller one.</summary>
    public double Step { get; init; } = 1e-2;

    public override string ToString() => $"{Op} {Case}";
}
