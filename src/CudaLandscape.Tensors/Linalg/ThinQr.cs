namespace CudaLandscape.Tensors.Linalg;

/// <summary>Orthonormal vectors that span given ones, by Householder QR of a tall matrix whose columns they are.</summary>
/// <param name="Q">The vectors [b,k], one per row, orthonormal to rounding even where the given ones depend on each other.</param>
/// <param name="R">Coefficients [b,b]: given vector j is Σ_{i ≤ j} R[j,i] Q[i].</param>
internal readonly record struct ThinQr(Tensor Q, Tensor R)
{
    /// <summary>Of b ≤ k vectors, the rows of <paramref name="vectors"/>[b,k], which become those of Q.</summary>
    public static ThinQr InPlace(Tensor vectors)
    {
        (Device device, long b, long k) = (vectors.Device, vectors.Shape[0], vectors.Shape[1]);
        using TensorScope scope = new();
        IReadOnlyList<double[]> factors = BlockedQr.Factor(vectors);
        Tensor r = Tensor.Empty(device, [b, b], DType.Float64, "R");
        device.Launch("layout_triangle", DType.Float64, b * b, b, 0L, vectors, k, r);
        BlockedQr.FormQ(vectors, factors);
        return new ThinQr(vectors, scope.Return(r));
    }
}
