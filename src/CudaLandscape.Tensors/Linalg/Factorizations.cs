using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>Dense float64 factorisations by cuSOLVER's 64-bit calls. Matrices are read column by column.</summary>
internal static class Factorizations
{
    /// <summary>
    /// A = QR by Householder reflections for a tall A, whose columns are the rows of <paramref name="a"/>[n,m], m ≥ n. R takes the
    /// place of A's first n rows, column by column at distance m, with zeros below the diagonal; the rest is left over. In place,
    /// so that there never is more than one large matrix.
    /// </summary>
    public static void Triangularize(Tensor a)
    {
        (Device device, long n, long m) = (a.Device, a.Shape[0], a.Shape[1]);
        using TensorScope scope = new();
        Tensor tau = Tensor.Empty(device, [n], DType.Float64, "tau");
        (long bytes, _) = device.Solver.GeqrfBufferSize(m, n, a.Address, m, tau.Address, ScalarType.Float64);
        Tensor work = Workspace(device, bytes), info = Tensor.Zeros(device, [1], DType.Int32, "info");
        device.Solver.Geqrf(m, n, a.Address, m, tau.Address, work.Address, work.Bytes, info.Address, ScalarType.Float64);
        RequireSuccess("Xgeqrf", info);
        for (long j = 0; j < n - 1; j++)
            device.Stream.Fill8(a.Address + (ulong)((j * m + j + 1) * sizeof(double)), 0, (n - j - 1) * sizeof(double));
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

    private static Tensor Workspace(Device device, long bytes) =>
        Tensor.Empty(device, [Math.Max(1, bytes)], DType.UInt8, "workspace");

    private static void RequireSuccess(string routine, Tensor info)
    {
        int code = info.ToArray<int>()[0];
        if (code != 0) throw new ArithmeticException($"{routine} reports info = {code}: {(code < 0 ? "bad argument" : "no convergence")}.");
    }
}
