namespace CudaLandscape.Tensors.Ops;

/// <summary>A product for which a variant was chosen.</summary>
/// <param name="Precision">The precision that was asked for.</param>
/// <param name="Product">Pass and sizes.</param>
/// <param name="Tile">The variant's tile, such as 64x128, or float32 for the plain variant.</param>
internal sealed record Conv2dTableRow(Precision Precision, Conv2dProduct Product, string Tile)
{
    /// <summary>The variant.</summary>
    public Conv2dVariant Variant { get; } = Tile == "float32" ? Conv2dVariant.Plain
        : Conv2dVariant.OnTensorCores.Single(v => v.Precision == Precision && $"{v.Rows}x{v.Columns}" == Tile);
}

/// <summary>
/// Which variant is the fastest for the products of VGG16's convolutions at batch 128. Printed by
/// <c>./build.sh run kernel conv2d --shapes vgg16</c>, which measures it on a GPU and counts it elsewhere.
/// </summary>
internal static class Conv2dTable
{
    private const Conv2dKind Forward = Conv2dKind.Forward, Input = Conv2dKind.InputGradient, Weights = Conv2dKind.WeightGradient;

    /// <summary>How the rows came about.</summary>
    public const string Source = "not measured; counted for an H100 from operations, shared memory and instructions";

    /// <summary>The rows.</summary>
    public static IReadOnlyList<Conv2dTableRow> Rows { get; } =
    [
        Tf32(Forward, 64, 131072, 27, "64x128"),
        Tf32(Input, 3, 131072, 576, "64x128"),
        Tf32(Weights, 27, 64, 131072, "64x64"),
        Tf32(Forward, 64, 131072, 576, "64x128"),
        Tf32(Input, 64, 131072, 576, "64x128"),
        Tf32(Weights, 576, 64, 131072, "64x64"),
        Tf32(Forward, 128, 32768, 576, "128x128"),
        Tf32(Input, 64, 32768, 1152, "64x128"),
        Tf32(Weights, 576, 128, 32768, "128x128"),
        Tf32(Forward, 128, 32768, 1152, "128x128"),
        Tf32(Input, 128, 32768, 1152, "128x128"),
        Tf32(Weights, 1152, 128, 32768, "128x128"),
        Tf32(Forward, 256, 8192, 1152, "128x128"),
        Tf32(Input, 128, 8192, 2304, "64x128"),
        Tf32(Weights, 1152, 256, 8192, "128x128"),
        Tf32(Forward, 256, 8192, 2304, "128x128"),
        Tf32(Input, 256, 8192, 2304, "128x128"),
        Tf32(Weights, 2304, 256, 8192, "128x128"),
        Tf32(Forward, 512, 2048, 2304, "64x128"),
        Tf32(Input, 256, 2048, 4608, "64x64"),
        Tf32(Weights, 2304, 512, 2048, "128x128"),
        Tf32(Forward, 512, 2048, 4608, "64x128"),
        Tf32(Input, 512, 2048, 4608, "64x128"),
        Tf32(Weights, 4608, 512, 2048, "128x128"),
        Tf32(Forward, 512, 512, 4608, "64x64"),
        Tf32(Input, 512, 512, 4608, "64x64"),
        Tf32(Weights, 4608, 512, 512, "128x128"),
        Tf32x3(Forward, 64, 131072, 27, "64x128"),
        Tf32x3(Input, 3, 131072, 576, "64x128"),
        Tf32x3(Weights, 27, 64, 131072, "64x64"),
        Tf32x3(Forward, 64, 131072, 576, "64x128"),
        Tf32x3(Input, 64, 131072, 576, "64x128"),
        Tf32x3(Weights, 576, 64, 131072, "64x64"),
        Tf32x3(Forward, 128, 32768, 576, "64x128"),
        Tf32x3(Input, 64, 32768, 1152, "64x128"),
        Tf32x3(Weights, 576, 128, 32768, "64x128"),
        Tf32x3(Forward, 128, 32768, 1152, "64x128"),
        Tf32x3(Input, 128, 32768, 1152, "64x128"),
        Tf32x3(Weights, 1152, 128, 32768, "64x128"),
        Tf32x3(Forward, 256, 8192, 1152, "64x128"),
        Tf32x3(Input, 128, 8192, 2304, "64x128"),
        Tf32x3(Weights, 1152, 256, 8192, "64x128"),
        Tf32x3(Forward, 256, 8192, 2304, "64x128"),
        Tf32x3(Input, 256, 8192, 2304, "64x128"),
        Tf32x3(Weights, 2304, 256, 8192, "64x128"),
        Tf32x3(Forward, 512, 2048, 2304, "64x128"),
        Tf32x3(Input, 256, 2048, 4608, "64x64"),
        Tf32x3(Weights, 2304, 512, 2048, "64x64"),
        Tf32x3(Forward, 512, 2048, 4608, "64x128"),
        Tf32x3(Input, 512, 2048, 4608, "64x128"),
        Tf32x3(Weights, 4608, 512, 2048, "64x128"),
        Tf32x3(Forward, 512, 512, 4608, "64x64"),
        Tf32x3(Input, 512, 512, 4608, "64x64"),
        Tf32x3(Weights, 4608, 512, 512, "64x128"),
    ];

    private static Conv2dTableRow Tf32(Conv2dKind kind, long rows, long columns, long depth, string tile) =>
        new(Precision.Tf32, new Conv2dProduct(kind, rows, columns, depth), tile);

    private static Conv2dTableRow Tf32x3(Conv2dKind kind, long rows, long columns, long depth, string tile) =>
        new(Precision.Tf32x3, new Conv2dProduct(kind, rows, columns, depth), tile);
}
