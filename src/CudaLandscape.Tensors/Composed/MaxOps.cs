namespace CudaLandscape.Tensors.Ops;

/// <summary>The maximum along an axis, composed of <see cref="ArgMax"/> and <see cref="TakeAlongAxis"/>.</summary>
public static partial class TensorOps
{
    /// <summary>
    /// The largest value along one axis, which disappears or, with <paramref name="keep"/>, stays with size 1; NaN when there is
    /// one. Of equal values the first receives the gradient.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such axis, or it has no elements.</exception>
    public static Tensor Max(this Tensor x, int axis, bool keep = false)
    {
        using TensorScope scope = new();
        Tensor y = x.TakeAlongAxis(x.ArgMax(axis), axis);
        return scope.Return(keep ? y.Reshape(x.Shape.With(axis, 1)) : y);
    }
}
