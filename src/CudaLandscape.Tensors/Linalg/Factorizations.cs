using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>Dense float64 factorisations by cuSOLVER's 64-bit calls. Matrices are read column by column.</summary>
internal static class Factorizations
{
    /// <summary>
    /// R of A = QR for a tall A, whose columns are the rows of <paramref name="a"/>[n,m], m ≥ n; Householder reflections, in
    /// place: a is destroyed. The result [n,n] holds R column by column, zero below the diagonal.
    /// </summary>
    public static Tensor R(Tensor a)
    {
        (Device device, long n, long m) = (a.Device, a.Shape[0], a.Shape[1]);
        using TensorScope scope = new();
        Tensor tau = Tensor.Empty(device, [n], DType.Float64, "tau");
        (long bytes, _) = device.Solver.GeqrfBufferSize(m, n, a.Address, m, tau.Address, ScalarType.Float64);
        Tensor work = Workspace(device, bytes), info = Tensor.Zeros(device, [1], DType.Int32, "info");
        device.Solver.Geqrf(m, n, a.Address, m, tau.Address, work.Address, work.Bytes, info.Address, ScalarType.Float64);
        RequireSuccess("Xgeqrf", info);
        Tensor r = Tensor.Empty(device, [n, n], DType.Float64, "R");
        device.Launch("layout_triangle", DType.Float64, n * n, n, 0L, a, m, r);
        return scope.Return(r);
    }

    /// <summary>Singular values of a tall matrix in descending order; a[n,m] holds its n columns, m ≥ n, and is destroyed.</summary>
    public static double[] SingularValues(Tensor a)
    {
        (Device device, long n, long m) = (a.Device, a.Shape[0], a.Shape[1]);
        using TensorScope scope = new();
        Tensor values = Tensor.Empty(device, [n], DType.Float64, "singular values");
        (long bytes, _) = device.Solver.GesvdBufferSize('N', 'N', m, n, a.Address, m, values.Address, 0, m, 0, n, ScalarType.Float64);
        Tensor work = Workspace(device, bytes), info = Tensor.Zeros(device, [1], DType.Int32, "info");
        device.Solver.Gesvd(
            'N', 'N', m, n, a.Address, m, values.Address, 0, m, 0, n, work.Address, work.Bytes, info.Address, ScalarType.Float64);
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
