using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// R ← R' with R'ᵀR' = RᵀR + δ² I, by QR of [R; δ I], so that every singular value becomes √(σ² + δ²) and none is so small that
/// R⁻¹ swamps the others. Panel by panel: of the lower block only the rows that earlier panels have filled take part, which makes it
/// 2/3 k³ multiplications and additions instead of 10/3 k³, and a second matrix of k x k.
/// </summary>
internal static class RegularizedTriangle
{
    /// <summary>Device bytes that are needed beside R[k,k].</summary>
    public static long WorkspaceBytes(long k) => (k + 6 * BlockedQr.PanelWidth) * k * sizeof(double);

    /// <summary>Changes R, whose columns begin the rows of <paramref name="r"/>[k,m].</summary>
    public static void Apply(Tensor r, double delta)
    {
        (Device device, long k, long m) = (r.Device, r.Shape[0], r.Shape[1]);
        using TensorScope scope = new();
        Tensor lower = Tensor.Zeros(device, [k, k], DType.Float64, "lower block");
        for (long first = 0; first < k; first += BlockedQr.PanelWidth)
        {
            using TensorScope panelScope = new();
            long width = Math.Min(BlockedQr.PanelWidth, k - first), below = first + width, rest = k - below;
            Tensor panel = Gather(r, lower, first, width, delta);
            double[] tau = Factorizations.Geqrf(device, panel.Address, width + below, width, width + below);
            StoreTriangle(panel, r, first, width);
            if (rest == 0) break;
            ColumnBlock top = new ColumnBlock(r.Address, m).At(first, below), filled = new ColumnBlock(lower.Address, k).At(0, below);
            new BlockReflector(panel, width + below, below, tau).Apply(Transpose.Transposed, top, filled, rest);
        }
    }

    // The diagonal block of R, on top of what is filled of the lower block's columns, on top of δ I.
    private static Tensor Gather(Tensor r, Tensor lower, long first, long width, double delta)
    {
        (long k, long m, long rows) = (r.Shape[0], r.Shape[1], first + 2 * width);
        Tensor panel = Tensor.Empty(r.Device, [width, rows], DType.Float64, "panel");
        Tensor unit = LinearAlgebra.Identity(r.Device, width, DType.Float64).Scale(delta);
        StridedCopy.Run("regularise", [width, width], r, first * m + first, [m, 1], panel, 0, [rows, 1]);
        StridedCopy.Run("regularise", [width, first], lower, first * k, [k, 1], panel, width, [rows, 1]);
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
