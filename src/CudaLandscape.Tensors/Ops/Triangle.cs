using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>The upper or lower triangle of a square matrix, diagonal included, zero elsewhere.</summary>
public sealed class Triangle(bool upper) : Op
{
    /// <inheritdoc/>
    public override string Name => "triangle";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireRank(Name, x[0], 2, "[n,n]");
        long n = x[0].Shape[0];
        if (x[0].Shape[1] != n) throw new ArgumentException($"{Name}: expects a square matrix, got {x[0]}.");
        Tensor y = Tensor.Empty(x[0].Device, [n, n], x[0].DType, Name);
        if (n > 0) y.Device.Launch("layout_triangle", y.DType, n * n, n, upper ? 1L : 0L, x[0], n, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.Triangle(upper)];
}

public static partial class TensorOps
{
    /// <summary>The upper or lower triangle of a square matrix.</summary>
    public static Tensor Triangle(this Tensor x, bool upper) => new Triangle(upper).Apply(x);
}
