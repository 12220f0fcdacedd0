using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y = x with its axes in another order: axis a of y is axis axes[a] of x; at most 6 axes, any element type.</summary>
public sealed class Permute(int[] axes) : Op
{
    private const int MaxAxes = 6;

    /// <inheritdoc/>
    public override string Name => "permute";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        Shape shape = x[0].Shape;
        if (shape.Rank > MaxAxes || !axes.Order().SequenceEqual(Enumerable.Range(0, shape.Rank)))
            throw new ArgumentException(
                $"{Name}: expects each axis of {x[0]} once, and at most {MaxAxes} of them; got axes [{string.Join(",", axes)}].");
        Tensor y = Tensor.Empty(x[0].Device, Shape.Create(Array.ConvertAll(axes, a => shape[a])), x[0].DType, Name);
        long[] strides = StridedCopy.Strides(shape);
        StridedCopy.Run(Name, y.Shape, x[0], 0, Array.ConvertAll(axes, a => strides[a]), y, 0, StridedCopy.Strides(y.Shape));
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b)
    {
        int[] inverse = new int[axes.Length];
        for (int a = 0; a < axes.Length; a++) inverse[axes[a]] = a;
        return [b.Dy.Permute(inverse)];
    }
}

public static partial class TensorOps
{
    /// <summary>
    /// x with its axes in the given order: axis a of the result is axis axes[a] of x. A float matrix goes through
    /// <see cref="Transposition"/>, and nothing is copied when the order stays.
    /// </summary>
    /// <exception cref="ArgumentException">The axes are not a permutation of x's, or there are more than 6.</exception>
    public static Tensor Permute(this Tensor x, params int[] axes)
    {
        if (axes.AsSpan().SequenceEqual([1, 0]) && x.Shape.Rank == 2 && x.DType.IsFloat()) return x.Transpose();
        bool stays = axes.Length == x.Shape.Rank && axes.SequenceEqual(Enumerable.Range(0, axes.Length));
        return stays ? x.Reshape(x.Shape) : new Permute([.. axes]).Apply(x);
    }
}
