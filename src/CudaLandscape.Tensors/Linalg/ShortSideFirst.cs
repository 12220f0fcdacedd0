using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Builds the layout rank computations work on: a matrix F[rows, columns] stored with its short side as the outer axis, which
/// is F itself or its transpose. Read column by column that is a tall matrix, which QR factors in place.
/// </summary>
public static class ShortSideFirst
{
    /// <summary>An unset matrix for F[rows, columns].</summary>
    /// <exception cref="ArgumentException">A side is zero.</exception>
    public static Tensor Allocate(Device device, long rows, long columns)
    {
        if (rows < 1 || columns < 1) throw new ArgumentException($"A matrix of {rows} x {columns} has no rank to compute.");
        return Tensor.Empty(device, [Math.Min(rows, columns), Math.Max(rows, columns)], DType.Float64, "matrix");
    }

    /// <summary>Writes rows first … of F[rows, columns], converted to Float64.</summary>
    /// <exception cref="ArgumentException">The block does not fit.</exception>
    public static void SetRows(Tensor matrix, long rows, long first, Tensor block)
    {
        long columns = matrix.ElementCount / rows;
        if (block.Shape.Rank != 2 || block.Shape[1] != columns || first < 0 || first + block.Shape[0] > rows)
            throw new ArgumentException($"Rows {first} … of a {rows} x {columns} matrix cannot be {block}.");
        using TensorScope scope = new();
        Tensor values = block.Cast(DType.Float64);
        if (matrix.Shape[0] == columns && rows != columns) Transposition.Into(values, matrix.Slab(first, [1], "rows"), rows);
        else matrix.Slab(first * columns, block.Shape, "rows").CopyFrom(values);
    }

    /// <summary>A copy of F in this layout.</summary>
    public static Tensor Of(Tensor f)
    {
        OpChecks.RequireRank("rank", f, 2, "[rows,columns]");
        Tensor matrix = Allocate(f.Device, f.Shape[0], f.Shape[1]);
        SetRows(matrix, f.Shape[0], 0, f);
        return matrix;
    }
}
