using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;
using CudaLandscape.TestKit.Table;

namespace CudaLandscape.Tensors.Tests.Table;

/// <summary>
/// Sizes at which every barrier matters: several pieces of work for each block of the check device. The rows of the op
/// table follow them.
/// </summary>
internal static class BarrierRows
{
    public static IEnumerable<(string Name, Func<Device, DType, Tensor> Run)> All =>
    [
        ("transpose [130,97]", (device, type) => Input([130, 97], device, type).Transpose()),
        ("sum [40,3]", (device, type) => Input([40, 3], device, type).SumTo([40, 1])),
        ("sum [40,300]", (device, type) => Input([40, 300], device, type).SumTo([40, 1])),
        ("max_abs [200000]", (device, type) => Input([200000], device, type).MaxAbs()),
        .. OnTensorCores,
        ("count_different [200000]", (device, _) => Labels(device).CountDifferent(Tensor.Zeros(device, [200000], DType.Int32))),
        .. OpTable.Rows.Select(row => ($"{row}",
            (Func<Device, DType, Tensor>)((device, type) => row.Run(Array.ConvertAll(row.Inputs, x => x.ToTensor(device, type)))))),
    ];

    private static IEnumerable<(string, Func<Device, DType, Tensor>)> OnTensorCores =>
        from variant in Conv2dVariant.OnTensorCores
        from pass in Passes(variant)
        select ($"convolution, {variant}", (Func<Device, DType, Tensor>)((device, _) => With(variant, device, pass)));

    // Twelve tiles, each of one full stage, on the eight blocks that the check device holds at once; and one of many stages.
    private static Func<Device, Tensor>[] Passes(Conv2dVariant variant)
    {
        const int depth = 16;
        Shape images = [1, depth, 12, variant.Columns], kernels = [2, depth, 1, 1], bias = [2, 1, 1], back = [depth, 2, 1, 1];
        Shape few = [1, 1, 4, depth / 4], many = [1, 6 * variant.Rows, 4, depth / 4 + 1], wide = [1, many[1], 1, 2];
        return
        [
            device => Input(images, device).Conv2d(Input(kernels, device)),
            device => Input(images, device).Conv2dBiasActivation(Input(kernels, device), Input(bias, device), ActivationFunction.Tanh),
            device => Input(images, device).Conv2dInputGradient(Input(back, device), [1, 2, 12, variant.Columns]),
            device => Input(few, device).Conv2dWeightGradient(Input(many, device), wide),
            // Tables of more than one chunk of positions.
            device => Input([4, 3, 15, 13], device).Conv2dWeightGradient(Input([4, 2, 15, 13], device), [3, 2, 3, 3], pad: 1),
        ];
    }

    private static Tensor With(Conv2dVariant variant, Device device, Func<Device, Tensor> run)
    {
        (device.Precision, device.ConvolutionVariant) = (variant.Precision, variant);
        try
        {
            return run(device);
        }
        finally
        {
            (device.Precision, device.ConvolutionVariant) = (Precision.Float32, null);
        }
    }

    private static Tensor Input(Shape shape, Device device) => Input(shape, device, DType.Float32);

    private static Tensor Input(Shape shape, Device device, DType type) => TestData.Spread(shape, 90).ToTensor(device, type);

    private static Tensor Labels(Device device) => Tensor.From<int>(device, [200000], [.. Enumerable.Range(0, 200000).Select(i => i % 7)]);
}
