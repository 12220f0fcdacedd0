namespace CudaLandscape.Tensors.Ops;

/// <summary>Which variant a convolution's pass takes.</summary>
internal static class Conv2dChoice
{
    /// <summary>
    /// The plain variant in float64, in <see cref="Precision.Float32"/> and for sizes that the kernels on tensor cores do not take; else the one of the row of
    /// <see cref="Conv2dTable"/> whose product is the most alike.
    /// </summary>
    public static Conv2dVariant Of(in Conv2dSize size, long filters, Conv2dKind kind, Tensor result)
    {
        Precision precision = result.Device.Precision;
        if (precision == Precision.Float32 || result.DType != DType.Float32 || !size.FitsTensorCores(filters)) return Conv2dVariant.Plain;
        if (result.Device.ConvolutionVariant is { } only && only.Precision == precision) return only;
        return Nearest(precision, size.Product(kind, filters));
    }

    /// <summary>The variant of the table's row of this pass and precision that is nearest by the ratios of rows, columns and depth.</summary>
    public static Conv2dVariant Nearest(Precision precision, Conv2dProduct product) =>
        Conv2dTable.Rows.Where(row => row.Precision == precision && row.Product.Kind == product.Kind)
            .MinBy(row => Distance(row.Product, product))!.Variant;

    private static double Distance(Conv2dProduct a, Conv2dProduct b) =>
        Square(a.Rows, b.Rows) + Square(a.Columns, b.Columns) + Square(a.Depth, b.Depth);

    private static double Square(double a, double b) => Math.Pow(Math.Log2(a / b), 2);
}
