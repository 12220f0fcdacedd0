using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>Orthonormal vectors that span given ones, by Householder QR of a tall matrix whose columns they are.</summary>
/// <param name="Q">The vectors [b,k], one per row, orthonormal to rounding even where the given ones depend on each other.</param>
/// <param name="R">Coefficients [b,b]: given vector j is Σ_{i ≤ j} R[j,i] Q[i].</param>
internal readonly record struct ThinQr(Tensor Q, Tensor R)
{
    /// <summary>Of b ≤ k vectors, the rows of <paramref name="vectors"/>[b,k], which are released.</summary>
    public static ThinQr Of(Tensor vectors)
    {
        (Device device, long b, long k) = (vectors.Device, vectors.Shape[0], vectors.Shape[1]);
        using TensorScope scope = new();
        IReadOnlyList<double[]> factors = BlockedQr.Factor(vectors);
        Tensor r = Tensor.Empty(device, [b, b], DType.Float64, "R"), q = Tensor.Zeros(device, [b, k], DType.Float64, "Q");
        device.Launch("layout_triangle", DType.Float64, b * b, b, 0L, vectors, k, r);
        for (long i = 0; i < b; i++) q.Slab(i * k + i, [1], "one").CopyFrom(Tensor.Full(device, [1], DType.Float64, 1));
        BlockedQr.ApplyQ(vectors, factors, q);
        vectors.Dispose();
        return new ThinQr(scope.Return(q), scope.Return(r));
    }
}
