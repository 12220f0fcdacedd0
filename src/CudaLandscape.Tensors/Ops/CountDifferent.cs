using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>The number of positions at which two Int32 tensors of one shape differ; Int32 scalar.</summary>
public sealed class CountDifferent : Op
{
    /// <inheritdoc/>
    public override string Name => "count_different";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireType(Name, x[0], DType.Int32);
        OpChecks.RequireType(Name, x[1], DType.Int32);
        if (x[0].Shape != x[1].Shape) throw new ArgumentException($"{Name}: shapes differ: {x[0]} and {x[1]}.");
        using TensorScope scope = new();
        long count = x[0].ElementCount;
        Tensor differs = Tensor.Empty(x[0].Device, [count], DType.Int32, Name);
        if (count > 0) differs.Device.Launch("reduce_differs", DType.Int32, count, count, x[0], x[1], differs);
        Tensor total = Reduction.Run(Reduction.Sum, differs, [true]);
        return scope.Return(total.View(Shape.Scalar, 0, Name, null));
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null, null];
}

public static partial class TensorOps
{
    /// <summary>The number of positions at which two Int32 tensors differ.</summary>
    public static Tensor CountDifferent(this Tensor a, Tensor b) => new CountDifferent().Apply(a, b);
}
