using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// R of the QR factorisation of F[rows, columns] / 2^exponent or its transpose, whichever is tall: what
/// <see cref="Rank.Factor"/>, the costly half of a rank, leaves for <see cref="Rank.Find"/>. Its columns can be read and set, so
/// that a factorisation may be kept.
/// </summary>
public sealed class TriangularFactor : IDisposable
{
    internal TriangularFactor(Tensor r, long rows, long columns, int exponent, double deviation, bool isZero = false) =>
        (R, Rows, Columns, Exponent, Deviation, IsZero) = (r, rows, columns, exponent, deviation, isZero);

    /// <summary>Rows of F.</summary>
    public long Rows { get; }

    /// <summary>Columns of F.</summary>
    public long Columns { get; }

    /// <summary>The power of 2 that F was divided by.</summary>
    public int Exponent { get; }

    /// <summary>‖RᵀR w - AᵀA w‖ / (2⁻⁵² ‖w‖) as it was found when A was factored; to be divided by σ_max².</summary>
    public double Deviation { get; }

    /// <summary>Whether F is zero, so that nothing was factored.</summary>
    public bool IsZero { get; }

    /// <summary>k, the order of R.</summary>
    public long Size => R.Shape[0];

    /// <summary>Bytes of the upper triangle.</summary>
    public long PackedBytes => checked(Size * (Size + 1) / 2 * sizeof(double));

    /// <summary>R[k,m], m ≥ k, whose rows begin with the columns of R; zeros below the diagonal. What follows in a row is left over.</summary>
    internal Tensor R { get; private set; }

    /// <summary>Whether F is so small that the rank needs F itself beside R, which <see cref="SetColumns"/> does not bring back.</summary>
    public bool NeedsOriginal => SmallOriginal is not null;

    /// <summary>What was factored, where it is small; null elsewhere.</summary>
    internal Tensor? SmallOriginal { get; init; }

    /// <summary>An R for F[rows, columns] whose columns are zero until set by <see cref="SetColumns"/>.</summary>
    public static TriangularFactor Empty(Device device, long rows, long columns, int exponent, double deviation)
    {
        long k = Math.Min(rows, columns);
        return new TriangularFactor(Tensor.Zeros(device, [k, k], DType.Float64, "R"), rows, columns, exponent, deviation);
    }

    /// <summary>Numbers above and on the diagonal of columns first … last - 1.</summary>
    public static long PackedCount(long first, long last) => checked(last * (last + 1) / 2 - first * (first + 1) / 2);

    /// <summary>Columns first … last - 1 one after the other, of column j the j + 1 numbers down to the diagonal.</summary>
    public double[] GetColumns(long first, long last)
    {
        double[] packed = new double[PackedCount(first, last)];
        GetColumns(first, last, packed);
        return packed;
    }

    /// <summary>As the overload without a destination.</summary>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void GetColumns(long first, long last, Span<double> packed)
    {
        RequireLength(first, last, packed.Length);
        for (long j = first; j < last; j++)
        {
            using TensorScope scope = new();
            R.Slab(j * R.Shape[1], [j + 1], "column").CopyTo(packed.Slice((int)PackedCount(first, j), (int)(j + 1)));
        }
    }

    /// <summary>Sets columns first … last - 1 from what <see cref="GetColumns(long, long)"/> gave.</summary>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    public void SetColumns(long first, long last, ReadOnlySpan<double> packed)
    {
        RequireLength(first, last, packed.Length);
        for (long j = first; j < last; j++)
        {
            using TensorScope scope = new();
            ReadOnlySpan<double> column = packed.Slice((int)PackedCount(first, j), (int)(j + 1));
            R.Slab(j * R.Shape[1], [j + 1], "column").CopyFrom(Tensor.From<double>(R.Device, [j + 1], column, "column"));
        }
    }

    /// <summary>
    /// Moves R together to [k,k], and lends the device what that leaves of the matrix, (m - k) k numbers, until the result is disposed;
    /// null where there is nothing to lend.
    /// </summary>
    internal SpareMemory? Compact()
    {
        (Tensor whole, long k, long m) = (R, Size, R.Shape[1]);
        if (IsZero || m == k) return null;
        using TensorScope scope = new();
        for (long first = 0; first < k; first += BlockedQr.PanelWidth) MoveColumns(first, Math.Min(BlockedQr.PanelWidth, k - first));
        R = scope.Keep(whole.Slab(0, [k, k], "R"));
        SpareMemory? spare = SpareMemory.Lend(scope.Keep(whole.Slab(k * k, [(m - k) * k], "what R leaves")));
        whole.Dispose();
        return spare;
    }

    private static void RequireLength(long first, long last, long length)
    {
        if (length != PackedCount(first, last))
            throw new ArgumentException($"packed: columns {first} to {last - 1} of R have {PackedCount(first, last)} numbers, got {length}.");
    }

    // To where columns were that have been moved: by way of a copy, since a column's old and new place may overlap.
    private void MoveColumns(long first, long count)
    {
        using TensorScope scope = new();
        Tensor columns = Tensor.Empty(R.Device, [count, Size], DType.Float64, "columns of R");
        StridedCopy.Run("rank", columns.Shape, R, first * R.Shape[1], [R.Shape[1], 1], columns, 0, [Size, 1]);
        R.Slab(first * Size, columns.Shape, "columns of R").CopyFrom(columns);
    }

    /// <summary>Releases R and what is kept beside it.</summary>
    public void Dispose()
    {
        SmallOriginal?.Dispose();
        R.Dispose();
    }
}
