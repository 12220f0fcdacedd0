using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>The same elements in the same order under another shape; nothing is copied.</summary>
public sealed class Reshape(Shape target) : Op
{
    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        if (x[0].ElementCount != target.ElementCount)
            throw new ArgumentException(
                $"{Name}: {x[0]} has {x[0].ElementCount} elements, {target} has {target.ElementCount}; they must agree.");
        return x[0].View(target, 0, Name, null);
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.Reshape(b.Shape(0))];
}

public static partial class TensorOps
{
    /// <summary>The same elements under another shape.</summary>
    public static Tensor Reshape(this Tensor x, Shape target) => new Reshape(target).Apply(x);
}
