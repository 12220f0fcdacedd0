using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Products with R, Rᵀ, R⁻¹, R⁻ᵀ of an upper triangular R[k,k], whose columns begin the rows of a tensor [k,m], m ≥ k, as
/// <see cref="Factorizations.Triangularize"/> leaves them. A block of vectors is a tensor [count, k], one vector per row.
/// </summary>
/// <param name="r">R.</param>
/// <param name="inverse">Whether the operator is R⁻¹.</param>
/// <param name="mostElements">Of R in one call, see <see cref="ColumnSlabs"/>.</param>
internal sealed class TriangularOperator(Tensor r, bool inverse, long mostElements = ColumnSlabs.MostElements) : ILinearOperator
{
    public Device Device => r.Device;

    public long Size => r.Shape[0];

    private ColumnBlock Whole => new(r.Address, r.Shape[1]);

    /// <summary>R x or R⁻¹ x for every row x.</summary>
    public Tensor Apply(Tensor block) => Run(block, Transpose.None);

    /// <summary>Rᵀ x or R⁻ᵀ x for every row x.</summary>
    public Tensor ApplyTransposed(Tensor block) => Run(block, Transpose.Transposed);

    // Slabs of columns in the order of substitution.
    private Tensor Run(Tensor block, Transpose transpose)
    {
        Tensor y = Tensor.Empty(Device, block.Shape, DType.Float64, inverse ? "R⁻¹ x" : "R x");
        if (inverse) y.CopyFrom(block);
        (ColumnBlock from, ColumnBlock to) = (new ColumnBlock(block.Address, Size), new ColumnBlock(y.Address, Size));
        IEnumerable<(long First, long Count)> slabs = ColumnSlabs.Of(Size, r.Shape[1], mostElements);
        foreach ((long first, long width) in transpose == Transpose.None ? slabs.Reverse() : slabs)
        {
            if (inverse) Solve(transpose, first, width, block.Shape[0], to);
            else Multiply(transpose, first, width, block.Shape[0], from, to);
        }

        return y;
    }

    // Y += R[, slab] X[slab] or Y[slab] = R[, slab]ᵀ X, down to the slab's diagonal.
    private void Multiply(Transpose transpose, long first, long width, long count, ColumnBlock x, ColumnBlock y)
    {
        (ColumnBlock slab, long rows) = (Whole.At(0, first), first + width);
        if (transpose == Transpose.None) Add(transpose, rows, count, width, 1, slab, x.Down(first), rows == Size ? 0 : 1, y);
        else Add(transpose, width, count, rows, 1, slab, x, 0, y.Down(first));
    }

    // The slab's part of Y, from what the slabs before it in the order of substitution left, and what it leaves to those after it.
    private void Solve(Transpose transpose, long first, long width, long count, ColumnBlock y)
    {
        (ColumnBlock above, ColumnBlock diagonal, ColumnBlock own) = (Whole.At(0, first), Whole.At(first, first), y.Down(first));
        if (transpose == Transpose.Transposed && first > 0) Add(transpose, width, count, first, -1, above, y, 1, own);
        Device.Blas.Trsm(
            Side.Left, Fill.Upper, transpose, Diagonal.NonUnit, width, count, 1, diagonal.Address, diagonal.Stride, own.Address, own.Stride, ScalarType.Float64);
        if (transpose == Transpose.None && first > 0) Add(transpose, first, count, width, -1, above, own, 1, y);
    }

    private void Add(
        Transpose ofA, long m, long n, long k, double alpha, ColumnBlock a, ColumnBlock b, double beta, ColumnBlock c) => Device.Blas.Gemm(
            ofA, Transpose.None, m, n, k, alpha, a.Address, a.Stride, b.Address, b.Stride, beta, c.Address, c.Stride, ScalarType.Float64);
}
