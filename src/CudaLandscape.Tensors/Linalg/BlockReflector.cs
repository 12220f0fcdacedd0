using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The product H = I - V T Vᵀ of the Householder reflections of one panel (compact WY form: Schreiber and Van Loan, SIAM J. Sci.
/// Stat. Comput. 1989), so that a panel is applied to a matrix by three products. V is unit lower trapezoidal: its first square is
/// copied, what is below stays in the factored panel. T is upper triangular, made on the host from VᵀV and the reflections' τ.
/// </summary>
internal sealed class BlockReflector
{
    private readonly Device _device;
    private readonly long _width, _below;
    private readonly ColumnBlock _rest;
    private readonly Tensor _square, _t;

    /// <summary>Of a panel as cuSOLVER's geqrf leaves it.</summary>
    /// <param name="panel">A view of the panel's first element.</param>
    /// <param name="stride">Distance of the panel's columns.</param>
    /// <param name="below">Rows of the panel below its first square.</param>
    /// <param name="tau">The τ of its reflections, as many as the panel has columns.</param>
    public BlockReflector(Tensor panel, long stride, long below, double[] tau)
    {
        (_device, _below, _width) = (panel.Device, below, tau.Length);
        _rest = new ColumnBlock(panel.Address, stride).Down(_width);
        _square = UnitLower(panel, stride);
        _t = Triangle(tau);
    }

    /// <summary>C ← H C, or Hᵀ C, for a C of as many rows as the panel.</summary>
    public void Apply(Transpose transpose, ColumnBlock c, long columns)
    {
        using TensorScope scope = new();
        (ColumnBlock rest, ColumnBlock z) = (c.Down(_width), Of(New(columns, "TVᵀC")));
        Combine(transpose, c, rest, Transpose.None, columns, z);
        if (_below > 0) Multiply(Transpose.None, Transpose.None, _below, columns, _width, -1, _rest, z, 1, rest);
    }

    /// <summary>The same for a C of which the rows below the first square's are the columns of <paramref name="rest"/>.</summary>
    public void Apply(Transpose transpose, ColumnBlock top, ColumnBlock rest, long columns)
    {
        using TensorScope scope = new();
        ColumnBlock z = Of(New(columns, "TVᵀC"));
        Combine(transpose, top, rest, Transpose.Transposed, columns, z);
        if (_below > 0) Multiply(Transpose.Transposed, Transpose.Transposed, columns, _below, _width, -1, z, _rest, 1, rest);
    }

    /// <summary>The first columns of H, as many as reflections, take the place of V in the panel.</summary>
    /// <param name="top">The panel's first square, which holds the identity.</param>
    /// <param name="rest">What is below that square, column by column without gaps.</param>
    public void Expand(ColumnBlock top, Tensor rest)
    {
        using TensorScope scope = new();
        (ColumnBlock square, ColumnBlock z) = (Of(_square), Of(New(_width, "TV₁ᵀ")));
        Multiply(Transpose.None, Transpose.Transposed, _width, _width, _width, 1, Of(_t), square, 0, z);
        Multiply(Transpose.None, Transpose.None, _width, _width, _width, -1, square, z, 1, top);
        if (_below > 0) Multiply(Transpose.None, Transpose.None, _below, _width, _width, -1, new ColumnBlock(rest.Address, _below), z, 0, _rest);
    }

    // Z ← T Vᵀ C, and V's first square times Z off the top of C.
    private void Combine(Transpose transpose, ColumnBlock top, ColumnBlock rest, Transpose restIs, long columns, ColumnBlock z)
    {
        ColumnBlock square = Of(_square), w = Of(New(columns, "VᵀC"));
        Multiply(Transpose.Transposed, Transpose.None, _width, columns, _width, 1, square, top, 0, w);
        if (_below > 0) Multiply(Transpose.Transposed, restIs, _width, columns, _below, 1, _rest, rest, 1, w);
        Multiply(transpose, Transpose.None, _width, columns, _width, 1, Of(_t), w, 0, z);
        Multiply(Transpose.None, Transpose.None, _width, columns, _width, -1, square, z, 1, top);
    }

    private void Multiply(
        Transpose ofA, Transpose ofB, long m, long n, long k, double alpha, ColumnBlock a, ColumnBlock b, double beta, ColumnBlock c) =>
        _device.Blas.Gemm(
            ofA, ofB, m, n, k, alpha, a.Address, a.Stride, b.Address, b.Stride, beta, c.Address, c.Stride, ScalarType.Float64);

    private Tensor New(long columns, string name) => Tensor.Empty(_device, [columns, _width], DType.Float64, name);

    private ColumnBlock Of(Tensor tensor) => new(tensor.Address, _width);

    // Read by columns the first square's lower triangle is the upper one by rows; geqrf leaves R's diagonal where the ones belong.
    private Tensor UnitLower(Tensor panel, long stride)
    {
        using TensorScope scope = new();
        Tensor triangle = Tensor.Empty(_device, [_width, _width], DType.Float64, "V₁");
        _device.Launch("layout_triangle", DType.Float64, _width * _width, _width, 1L, panel, stride, triangle);
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
        Tensor products = New(_width, "VᵀV");
        Multiply(Transpose.Transposed, Transpose.None, _width, _width, _width, 1, Of(_square), Of(_square), 0, Of(products));
        if (_below > 0) Multiply(Transpose.Transposed, Transpose.None, _width, _width, _below, 1, _rest, _rest, 1, Of(products));
        return products.ToArray<double>();
    }
}
