using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The product H = I - V T Vᵀ of the Householder reflections of one panel (compact WY form: Schreiber and Van Loan, SIAM J. Sci.
/// Stat. Comput. 1989), so that a panel is applied to a matrix by three products. V is unit lower trapezoidal: its first square is
/// copied, what is below stays in the factored matrix. T is upper triangular, made on the host from VᵀV and the reflections' τ.
/// </summary>
internal sealed class BlockReflector
{
    private readonly Device _device;
    private readonly long _rows, _width, _stride;
    private readonly ulong _below;
    private readonly Tensor _square, _t;

    /// <summary>Of a panel as cuSOLVER's geqrf leaves it.</summary>
    /// <param name="a">The matrix [n,m] that holds the panel: its columns, of length m, are the tensor's rows.</param>
    /// <param name="first">First column, and row, of the panel.</param>
    /// <param name="tau">The τ of its reflections, as many as the panel has columns.</param>
    public BlockReflector(Tensor a, long first, double[] tau)
    {
        (_device, _stride, _width) = (a.Device, a.Shape[1], tau.Length);
        _rows = _stride - first - _width;
        Tensor corner = a.Slab(first * _stride + first, [1], "panel");
        _below = corner.Address + (ulong)(_width * sizeof(double));
        _square = UnitLower(corner);
        _t = Triangle(tau);
    }

    /// <summary>C ← H C, or Hᵀ C, for C of as many rows as the panel, its columns at the matrix's distance.</summary>
    public void Apply(Transpose transpose, ulong c, long columns)
    {
        using TensorScope scope = new();
        Tensor w = Tensor.Empty(_device, [columns, _width], DType.Float64, "VᵀC"), z = Tensor.Empty(_device, [columns, _width], DType.Float64, "TVᵀC");
        ulong lower = c + (ulong)(_width * sizeof(double));
        Multiply(Transpose.Transposed, _width, columns, _width, 1, _square.Address, _width, c, _stride, 0, w.Address, _width);
        if (_rows > 0) Multiply(Transpose.Transposed, _width, columns, _rows, 1, _below, _stride, lower, _stride, 1, w.Address, _width);
        Multiply(transpose, _width, columns, _width, 1, _t.Address, _width, w.Address, _width, 0, z.Address, _width);
        Multiply(Transpose.None, _width, columns, _width, -1, _square.Address, _width, z.Address, _width, 1, c, _stride);
        if (_rows > 0) Multiply(Transpose.None, _rows, columns, _width, -1, _below, _stride, z.Address, _width, 1, lower, _stride);
    }

    private void Multiply(
        Transpose transpose, long m, long n, long k, double alpha, ulong a, long lda, ulong b, long ldb, double beta, ulong c, long ldc) =>
        _device.Blas.Gemm(transpose, Transpose.None, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, ScalarType.Float64);

    // Read by columns the first square's lower triangle is the upper one by rows; geqrf leaves R's diagonal where the ones belong.
    private Tensor UnitLower(Tensor corner)
    {
        using TensorScope scope = new();
        Tensor triangle = Tensor.Empty(_device, [_width, _width], DType.Float64, "V₁");
        _device.Launch("layout_triangle", DType.Float64, _width * _width, _width, 1L, corner, _stride, triangle);
        double[] values = triangle.ToArray<double>();
        for (long i = 0; i < _width; i++) values[i * _width + i] = 1;
        return scope.Return(Tensor.From<double>(_device, [_width, _width], values, "V₁"));
    }

    // Column i of T is -τ_i T (VᵀV)_i above the diagonal and τ_i on it.
    private Tensor Triangle(double[] tau)
    {
        double[] products = Products();
        double[] t = new double[_width * _width];
        for (int i = 0; i < _width; i++)
        {
            for (int r = 0; r < i; r++)
            {
                double sum = 0;
                for (int c = r; c < i; c++) sum += t[c * _width + r] * products[i * _width + c];
                t[i * _width + r] = -tau[i] * sum;
            }

            t[i * _width + i] = tau[i];
        }

        return Tensor.From<double>(_device, [_width, _width], t, "T");
    }

    private double[] Products()
    {
        using TensorScope scope = new();
        Tensor products = Tensor.Empty(_device, [_width, _width], DType.Float64, "VᵀV");
        Multiply(
            Transpose.Transposed, _width, _width, _width, 1, _square.Address, _width, _square.Address, _width, 0, products.Address, _width);
        if (_rows > 0)
            Multiply(Transpose.Transposed, _width, _width, _rows, 1, _below, _stride, _below, _stride, 1, products.Address, _width);
        return products.ToArray<double>();
    }
}
