using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// The sum of x over the axes that the target shape lacks or has with size 1: the adjoint of <see cref="BroadcastTo"/>. The
/// order of addition depends on the shape alone.
/// </summary>
public sealed class SumTo(Shape target) : Op
{
    /// <inheritdoc/>
    public override string Name => "sum_to";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        using TensorScope scope = new();
        Tensor result = Reduction.Run(Reduction.Sum, x[0], ReducedAxes(x[0]));
        return scope.Return(result.View(target, 0, Name, null));
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.BroadcastTo(b.Shape(0))];

    private bool[] ReducedAxes(Tensor x)
    {
        int missing = x.Shape.Rank - target.Rank;
        bool[] reduced = new bool[x.Shape.Rank];
        for (int axis = 0; axis < reduced.Length; axis++)
        {
            long size = axis < missing ? 1 : target[axis - missing];
            if (missing < 0 || (size != 1 && size != x.Shape[axis]))
                throw new ArgumentException($"{Name}: {x} cannot be summed to {target}.");
            reduced[axis] = axis < missing || size != x.Shape[axis];
        }

        if (missing < 0) throw new ArgumentException($"{Name}: {x} cannot be summed to {target}.");
        return reduced;
    }
}

public static partial class TensorOps
{
    /// <summary>x summed to the target shape, the adjoint of BroadcastTo.</summary>
    public static Tensor SumTo(this Tensor x, Shape target) => x.Shape == target ? x : new SumTo(target).Apply(x);
}
