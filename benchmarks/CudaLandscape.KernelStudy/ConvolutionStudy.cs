using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.KernelStudy;

/// <summary>
/// Every variant of the passes of a network's convolutions: measured on a GPU, after its result has been compared with the plain
/// variant's, or counted where there is none. Prints the rows of <see cref="Conv2dTable"/> that follow.
/// </summary>
internal sealed class ConvolutionStudy(Device device, ColdTimer timer)
{
    // Of the largest entry; twice what each side may be off in 3xTF32.
    private const double AllowedTf32 = 1e-3, AllowedTf32x3 = 2e-5;

    private bool _right = true;

    /// <summary>Prints the rows; false when a result was wrong.</summary>
    public bool Print(string network)
    {
        Console.WriteLine($"// {network}, {(IsMeasured ? "measured: " + Machine.Describe(device) : "not measured; counted for an H100")}; µs of each variant");
        foreach (Precision precision in (Precision[])[Precision.Tf32, Precision.Tf32x3])
            foreach (ConvolutionLayer layer in ConvolutionLayer.Of(network)) Print(layer, precision);
        return _right;
    }

    private bool IsMeasured => device.Id.Kind != DeviceKind.Soft;

    private void Print(ConvolutionLayer layer, Precision precision)
    {
        using TensorScope scope = new();
        Tensor[] inputs = IsMeasured ? [Random(layer.Images, 1), Random(layer.Kernels, 2), Random([layer.Images[0], layer.Filters, layer.Side, layer.Side], 3)] : [];
        foreach (Conv2dKind kind in Enum.GetValues<Conv2dKind>())
        {
            Conv2dProduct product = layer.Size.Product(kind, layer.Filters);
            Conv2dVariant[] variants = [.. Conv2dVariant.OnTensorCores.Where(v => v.Precision == precision), Conv2dVariant.Plain];
            (Conv2dVariant Variant, double Time)[] times = [.. variants.Select(v => (v, Microseconds(v, product, layer, inputs)))];
            Console.WriteLine(Row(precision, product, times));
        }
    }

    private static string Row(Precision precision, Conv2dProduct p, (Conv2dVariant Variant, double Time)[] times)
    {
        string kind = p.Kind switch { Conv2dKind.Forward => "Forward", Conv2dKind.InputGradient => "Input", _ => "Weights" };
        string all = string.Join(", ", times.Select(t => string.Create(CultureInfo.InvariantCulture, $"{Tile(t.Variant)} {t.Time:G3}")));
        return $"        {precision}({kind}, {p.Rows}, {p.Columns}, {p.Depth}, \"{Tile(times.MinBy(t => t.Time).Variant)}\"), // {all}";
    }

    private static string Tile(Conv2dVariant variant) =>
        variant == Conv2dVariant.Plain ? "float32" : $"{variant.Rows}x{variant.Columns}";

    private double Microseconds(Conv2dVariant variant, Conv2dProduct product, ConvolutionLayer layer, Tensor[] inputs)
    {
        if (!IsMeasured) return ConvolutionCount.Microseconds(variant, product);
        Tensor Call() => Pass(product.Kind, layer, inputs);
        using Tensor plain = Call();
        (device.Precision, device.ConvolutionVariant) = (variant.Precision, variant);
        try
        {
            Compare(plain, Call, $"{layer} {product.Kind} {variant}", variant.Precision == Precision.Tf32 ? AllowedTf32 : AllowedTf32x3);
            return 1e3 * timer.Measure(Call).Milliseconds;
        }
        finally
        {
            (device.Precision, device.ConvolutionVariant) = (Precision.Float32, null);
        }
    }

    private void Compare(Tensor plain, Func<Tensor> call, string name, double allowed)
    {
        using TensorScope scope = new();
        double error = (call() - plain).MaxAbs().Item() / plain.MaxAbs().Item();
        if (error <= allowed) return;
        _right = false;
        Console.WriteLine($"WRONG: {name}: {error:G3} of the largest entry away from the plain variant, {allowed:G1} allowed");
    }

    private static Tensor Pass(Conv2dKind kind, ConvolutionLayer layer, Tensor[] inputs) => kind switch
    {
        Conv2dKind.Forward => inputs[0].Conv2d(inputs[1], pad: layer.Pad),
        Conv2dKind.InputGradient => inputs[2].Conv2dInputGradient(inputs[1], layer.Images, pad: layer.Pad),
        _ => inputs[2].Conv2dWeightGradient(inputs[0], layer.Kernels, pad: layer.Pad),
    };

    private Tensor Random(Shape shape, ulong stream) => RandomTensor.Uniform(device, shape, DType.Float32, new RandomStream(1, stream), -1, 1);
}
