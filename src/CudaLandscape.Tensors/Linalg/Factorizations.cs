using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>Dense float64 factorisations by cuSOLVER's 64-bit calls. Matrices are read column by column.</summary>
internal static class Factorizations
{
    private const long MostElements = 1L << 31;

    /// <summary>
    /// A = QR by Householder reflections for a tall A, whose columns are the rows of <paramref name="a"/>[n,m], m ≥ n. R takes the
    /// place of A's first n rows, column by column at distance m, with zeros below the diagonal; the rest is left over. In place,
    /// so that there never is more than one large matrix. Panel by panel wherever one call of Xgeqrf for the whole is not to be trusted.
    /// </summary>
    /// <param name="a">The columns of A.</param>
    /// <param name="method">Null for what the environment says, and if that says nothing the device's default.</param>
    public static void Triangularize(Tensor a, QrMethod? method = null)
    {
        (long n, long m) = (a.Shape[0], a.Shape[1]);
        bool oneCall = n <= BlockedQr.PanelWidth || (method ?? QrSetting.For(a.Device.Id.Kind)) == QrMethod.OneCall;
        // Above that size not even the question for its workspace is safe.
        if (oneCall && m * n < MostElements && IsTrusted(m, n, GeqrfBytes(a.Device, a.Address, m, n, m).InAll)) Geqrf(a.Device, a.Address, m, n, m);
        else BlockedQr.Factor(a);
        ClearBelowDiagonal(a);
    }

    /// <summary>
    /// Whether one call of Xgeqrf may factor the matrix: it has fewer than 2³¹ elements, and the workspace asked for is no more
    /// than two copies of it and 64 MB. Some versions of cuSOLVER ask for exabytes, or overflow, beyond that.
    /// </summary>
    public static bool IsTrusted(long rows, long columns, long workspaceBytes) =>
        rows * columns < MostElements && workspaceBytes >= 0 && workspaceBytes <= 2 * rows * columns * sizeof(double) + (64L << 20);

    /// <summary>Xgeqrf in place of rows x columns numbers, columns <paramref name="stride"/> apart; the result are the reflections' τ.</summary>
    public static double[] Geqrf(Device device, ulong a, long rows, long columns, long stride)
    {
        using TensorScope scope = new();
        Tensor tau = Tensor.Empty(device, [columns], DType.Float64, "τ");
        Tensor work = Workspace(device, GeqrfBytes(device, a, rows, columns, stride).OnDevice), info = Tensor.Zeros(device, [1], DType.Int32, "info");
        device.Solver.Geqrf(rows, columns, a, stride, tau.Address, work.Address, work.Bytes, info.Address, ScalarType.Float64);
        RequireSuccess("Xgeqrf", info);
        return tau.ToArray<double>();
    }

    // The place of τ is not looked at. Bytes too many for a sum, or fewer than none, are not to be trusted.
    private static (long OnDevice, long InAll) GeqrfBytes(Device device, ulong a, long rows, long columns, long stride)
    {
        (long onDevice, long onHost) = device.Solver.GeqrfBufferSize(rows, columns, a, stride, a, ScalarType.Float64);
        return (onDevice, onDevice < 0 || onHost < 0 || onHost > long.MaxValue - onDevice ? -1 : onDevice + onHost);
    }

    /// <summary>Zeros below the diagonal of the matrix [n,n] whose columns begin the rows of <paramref name="a"/>[n,m].</summary>
    public static void ClearBelowDiagonal(Tensor a)
    {
        (long n, long m) = (a.Shape[0], a.Shape[1]);
        for (long j = 0; j < n - 1; j++)
            a.Device.Stream.Fill8(a.Address + (ulong)((j * m + j + 1) * sizeof(double)), 0, (n - j - 1) * sizeof(double));
    }

    /// <summary>
    /// Singular values, in descending order, of the matrix [n,n] whose columns begin the rows of a[n,m], m ≥ n. It is destroyed.
    /// </summary>
    public static double[] SingularValues(Tensor a)
    {
        (Device device, long n, long m) = (a.Device, a.Shape[0], a.Shape[1]);
        using TensorScope scope = new();
        Tensor values = Tensor.Empty(device, [n], DType.Float64, "singular values");
        (long bytes, _) = device.Solver.GesvdBufferSize('N', 'N', n, n, a.Address, m, values.Address, 0, n, 0, n, ScalarType.Float64);
        Tensor work = Workspace(device, bytes), info = Tensor.Zeros(device, [1], DType.Int32, "info");
        device.Solver.Gesvd(
            'N', 'N', n, n, a.Address, m, values.Address, 0, n, 0, n, work.Address, work.Bytes, info.Address, ScalarType.Float64);
        RequireSuccess("Xgesvd", info);
        return values.ToArray<double>();
    }

    /// <summary>√Σ a_ij² of the matrix [n,n] whose columns begin the rows of <paramref name="a"/>[n,m].</summary>
    public static double FrobeniusNorm(Tensor a)
    {
        double[] columns = new double[a.Shape[0]];
        for (long j = 0; j < columns.Length; j++)
            columns[j] = a.Device.Blas.Nrm2(columns.Length, a.Address + (ulong)(j * a.Shape[1] * sizeof(double)), 1, ScalarType.Float64);
        return Vectors.Norm(columns);
    }

    private static Tensor Workspace(Device device, long bytes) =>
        Tensor.Empty(device, [Math.Max(1, bytes)], DType.UInt8, "workspace");

    private static void RequireSuccess(string routine, Tensor info)
    {
        int code = info.ToArray<int>()[0];
        if (code != 0) throw new ArithmeticException($"{routine} reports info = {code}: {(code < 0 ? "bad argument" : "no convergence")}.");
    }
}
