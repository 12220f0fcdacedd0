using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// y = √(Σ x²) over the axes that the target shape has with size 1 or lacks, the Euclidean norm. The gradient x / y is taken
/// as 0 where y = 0, as PyTorch does; the second derivative there does not exist. The squares are not scaled: beyond 1.8e19 in
/// Float32 (1.3e154 in Float64) they overflow to inf.
/// </summary>
public sealed class Norm(Shape target) : Op
{
    /// <inheritdoc/>
    public override string Name => "norm";

    /// <inheritdoc/>
    protected internal override Saves Saves => Saves.Inputs | Saves.Output;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        using TensorScope scope = new();
        return scope.Return(x[0].Square().SumTo(target).Sqrt());
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        // 1 is added exactly where y is 0, and so is x there.
        Tensor divisor = b.Y + b.Y.Sign().Scale(-1, 1);
        return [b.X(0) * (b.Dy / divisor)];
    }
}

public static partial class TensorOps
{
    /// <summary>√(Σ x²) of all elements; scalar.</summary>
    public static Tensor Norm(this Tensor x) => new Norm(Shape.Scalar).Apply(x);

    /// <summary>√(Σ x²) along one axis, which disappears or, with <paramref name="keep"/>, stays with size 1.</summary>
    /// <exception cref="ArgumentException">There is no such axis.</exception>
    public static Tensor Norm(this Tensor x, int axis, bool keep = false)
    {
        int resolved = OpChecks.RequireAxis("norm", x, axis);
        using TensorScope scope = new();
        Tensor y = new Norm(x.Shape.With(resolved, 1)).Apply(x);
        return scope.Return(keep ? y : y.Reshape(x.Shape.Without(resolved)));
    }
}
