using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// R ← R' with R'ᵀR' = RᵀR + δ² I, by QR of [R; δ I], so that every singular value becomes √(σ² + δ²) and none is so small that
/// R⁻¹ swamps the others. Panel by panel: of the lower block only the rows that earlier panels have filled take part, which makes it
/// 2/3 k³ multiplications and additions instead of 10/3 k³. What is filled is an upper triangle and stands, transposed, below R's
/// diagonal, so that no second matrix is needed.
/// </summary>
internal static class RegularizedTriangle
{
    private const long W = BlockedQr.PanelWidth;

    /// <summary>Device bytes that are needed beside R[k,k]: a panel and two products of its width.</summary>
    public static long WorkspaceBytes(long k) => (2 * W * k + 8 * W * W) * sizeof(double);

    /// <summary>Changes R, whose columns begin the rows of <paramref name="r"/>[k,m], with zeros below the diagonal.</summary>
    public static void Apply(Tensor r, double delta)
    {
        (long k, long m) = (r.Shape[0], r.Shape[1]);
        for (long first = 0; first < k; first += W)
        {
            using TensorScope scope = new();
            long width = Math.Min(W, k - first), below = first + width, rest = k - below;
            Tensor panel = Gather(r, first, width, delta);
            double[] tau = Factorizations.Geqrf(r.Device, panel.Address, width + below, width, width + below);
            StoreTriangle(panel, r, first, width);
            if (rest == 0) break;
            ColumnBlock whole = new(r.Address, m);
            new BlockReflector(panel, width + below, below, tau).Apply(Transpose.Transposed, whole.At(first, below), whole.At(below, 0), rest);
        }

        Factorizations.ClearBelowDiagonal(r);
    }

    // The diagonal block of R, on top of what is filled of the lower block's columns, on top of δ I.
    private static Tensor Gather(Tensor r, long first, long width, double delta)
    {
        (long m, long rows) = (r.Shape[1], first + 2 * width);
        Tensor panel = Tensor.Empty(r.Device, [width, rows], DType.Float64, "panel");
        Tensor unit = LinearAlgebra.Identity(r.Device, width, DType.Float64).Scale(delta);
        StridedCopy.Run("regularise", [width, width], r, first * m + first, [m, 1], panel, 0, [rows, 1]);
        StridedCopy.Run("regularise", [width, first], r, first, [1, m], panel, width, [rows, 1]);
        StridedCopy.Run("regularise", [width, width], unit, 0, [width, 1], panel, width + first, [rows, 1]);
        return panel;
    }

    private static void StoreTriangle(Tensor panel, Tensor r, long first, long width)
    {
        Tensor triangle = Tensor.Empty(r.Device, [width, width], DType.Float64, "R'");
        r.Device.Launch("layout_triangle", DType.Float64, width * width, width, 0L, panel, panel.Shape[1], triangle);
        StridedCopy.Run("regularise", [width, width], triangle, 0, [width, 1], r, first * r.Shape[1] + first, [r.Shape[1], 1]);
    }
}
