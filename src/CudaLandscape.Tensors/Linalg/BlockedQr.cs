using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// Householder QR in place, panel by panel: cuSOLVER factors a panel of 128 columns, and products by <see cref="BlockReflector"/>
/// apply it to the columns after it, in slabs of fewer than 2³¹ elements: no call of a library sees more, however many columns there are.
/// </summary>
internal static class BlockedQr
{
    /// <summary>Columns of a panel.</summary>
    public const long PanelWidth = 128;

    /// <summary>
    /// Factors a tall A, whose columns are the rows of <paramref name="a"/>[n,m], m ≥ n: R on and above the diagonal, reflections
    /// below. The result are their factors τ, panel by panel.
    /// </summary>
    /// <param name="a">The columns of A.</param>
    /// <param name="mostElements">Of A in one product, see <see cref="ColumnSlabs"/>.</param>
    public static IReadOnlyList<double[]> Factor(Tensor a, long mostElements = ColumnSlabs.MostElements)
    {
        (long n, long m) = (a.Shape[0], a.Shape[1]);
        List<double[]> factors = [];
        for (long first = 0; first < n; first += PanelWidth)
        {
            using TensorScope scope = new();
            long width = Math.Min(PanelWidth, n - first), rest = n - first - width;
            ColumnBlock panel = new ColumnBlock(a.Address, m).At(first, first);
            factors.Add(Factorizations.Geqrf(a.Device, panel.Address, m - first, width, m));
            if (rest == 0) break;
            BlockReflector reflector = Reflector(a, first, factors[^1]);
            foreach ((long begin, long count) in ColumnSlabs.Of(rest, m, mostElements))
                reflector.Apply(Transpose.Transposed, panel.At(0, width + begin), count);
        }

        return factors;
    }

    /// <summary>X ← Q X for the factored A, X stored as A is: its columns are the rows of <paramref name="x"/>[n,m].</summary>
    public static void ApplyQ(Tensor a, IReadOnlyList<double[]> factors, Tensor x)
    {
        for (int panel = factors.Count - 1; panel >= 0; panel--)
        {
            using TensorScope scope = new();
            long first = panel * PanelWidth;
            Reflector(a, first, factors[panel]).Apply(Transpose.None, new ColumnBlock(x.Address, x.Shape[1]).Down(first), x.Shape[0]);
        }
    }

    /// <summary>The factored A becomes the first n columns of Q, from the last panel to the first, so that no second matrix is needed.</summary>
    public static void FormQ(Tensor a, IReadOnlyList<double[]> factors)
    {
        (long n, long m) = (a.Shape[0], a.Shape[1]);
        for (int panel = factors.Count - 1; panel >= 0; panel--)
        {
            using TensorScope scope = new();
            long first = panel * PanelWidth, width = factors[panel].Length, after = n - first - width;
            ColumnBlock top = new ColumnBlock(a.Address, m).At(first, first);
            BlockReflector reflector = Reflector(a, first, factors[panel]);
            if (after > 0) reflector.Apply(Transpose.None, top.At(0, width), after);
            Tensor rest = CopyBelow(a, first, width);
            StridedCopy.Run("Q", [width, width], LinearAlgebra.Identity(a.Device, width, DType.Float64), 0, [width, 1], a, first * m + first, [m, 1]);
            reflector.Expand(top, rest);
            for (long j = first; j < first + width; j++) a.Device.Stream.Fill8(a.Address + (ulong)(j * m * sizeof(double)), 0, first * sizeof(double));
        }
    }

    // What is below the first square of a panel, column by column.
    private static Tensor CopyBelow(Tensor a, long first, long width)
    {
        (long m, long below) = (a.Shape[1], a.Shape[1] - first - width);
        Tensor rest = Tensor.Empty(a.Device, [width, below], DType.Float64, "V");
        if (below > 0) StridedCopy.Run("Q", [width, below], a, first * m + first + width, [m, 1], rest, 0, [below, 1]);
        return rest;
    }

    private static BlockReflector Reflector(Tensor a, long first, double[] tau)
    {
        long m = a.Shape[1];
        return new BlockReflector(a.Slab(first * m + first, [1], "panel"), m, m - first - tau.Length, tau);
    }
}
