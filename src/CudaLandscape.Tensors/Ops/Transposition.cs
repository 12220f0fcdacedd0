using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>y[c,r] = x[r,c] of a matrix.</summary>
public sealed class Transposition : Op
{
    private const int TileArea = 1024, Tile = 32, Threads = 256;

    /// <inheritdoc/>
    public override string Name => "transpose";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        OpChecks.RequireFloat(Name, x[0]);
        OpChecks.RequireRank(Name, x[0], 2, "[rows,columns]");
        Tensor y = Tensor.Empty(x[0].Device, [x[0].Shape[1], x[0].Shape[0]], x[0].DType, Name);
        if (y.ElementCount > 0) Into(x[0], y, x[0].Shape[0]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [b.Dy.Transpose()];

    /// <summary>Writes x transposed to where y begins, rows of the result <paramref name="stride"/> elements apart.</summary>
    internal static void Into(Tensor x, Tensor y, long stride)
    {
        long rows = x.Shape[0], columns = x.Shape[1], tiles = ((rows + Tile - 1) / Tile) * ((columns + Tile - 1) / Tile);
        x.Device.LaunchBlocks("layout_transpose", x.DType, tiles, Threads, TileArea, rows, columns, x, stride, y);
    }
}

public static partial class TensorOps
{
    /// <summary>A matrix transposed.</summary>
    public static Tensor Transpose(this Tensor x) => new Transposition().Apply(x);
}
