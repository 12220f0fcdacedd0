namespace CudaLandscape.Tensors.Ops;

/// <summary>The checks ops share; each message names the op, what it got and what it expects.</summary>
internal static class OpChecks
{
    public static void RequireFloat(string op, Tensor x)
    {
        if (!x.DType.IsFloat()) throw new ArgumentException($"{op}: expects Float32 or Float64, got {x}; Cast it first.");
    }

    public static void RequireType(string op, Tensor x, DType type)
    {
        if (x.DType != type) throw new ArgumentException($"{op}: expects {type}, got {x}.");
    }

    public static void RequireSameFloat(string op, Tensor a, Tensor b)
    {
        RequireFloat(op, a);
        if (a.DType != b.DType) throw new ArgumentException($"{op}: types differ: {a} and {b}; Cast one of them.");
    }

    public static void RequireRank(string op, Tensor x, int rank, string axes)
    {
        if (x.Shape.Rank != rank) throw new ArgumentException($"{op}: expects {rank} axes {axes}, got {x}.");
    }

    /// <summary>The axis counted from the front.</summary>
    public static int RequireAxis(string op, Tensor x, int axis)
    {
        if (axis < -x.Shape.Rank || axis >= x.Shape.Rank)
            throw new ArgumentException($"{op}: {x} has {x.Shape.Rank} axes; got axis {axis}.");
        return x.Shape.ResolveAxis(axis);
    }
}
