using CudaLandscape.Tensors;
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
        ("count_different [200000]", (device, _) => Labels(device).CountDifferent(Tensor.Zeros(device, [200000], DType.Int32))),
        .. OpTable.Rows.Select(row => ($"{row}",
            (Func<Device, DType, Tensor>)((device, type) => row.Run(Array.ConvertAll(row.Inputs, x => x.ToTensor(device, type)))))),
    ];

    private static Tensor Input(Shape shape, Device device, DType type) => TestData.Spread(shape, 90).ToTensor(device, type);

    private static Tensor Labels(Device device) => Tensor.From<int>(device, [200000], [.. Enumerable.Range(0, 200000).Select(i => i % 7)]);
}
