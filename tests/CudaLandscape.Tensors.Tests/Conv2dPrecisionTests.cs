using CudaLandscape.Interop;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Tests;

/// <summary>
/// Convolutions on tensor cores, every variant of them, against plain loops in float64: on the check device, whose products of a
/// warp round as a GPU's, or on a GPU.
/// </summary>
[Collection("device")]
public sealed class Conv2dPrecisionTests
{
    // Largest error over largest entry.
    private const double AllowedTf32 = 1e-3, AllowedTf32x3 = 1e-5;

    // Images, kernels, stride, pad: every way to bring an operand, partial tiles in every direction, several chunks of depth.
    private static readonly (string Name, Shape X, Shape W, int Stride, int Pad)[] s_cases =
    [
        ("borders", [2, 3, 7, 5], [5, 3, 3, 2], 1, 1),
        ("batch 1, a stride, more rows than a tile", [1, 5, 9, 11], [67, 5, 3, 3], 2, 1),
        ("a stride that leaves taps out", [2, 3, 7, 8], [9, 3, 2, 3], 3, 1),
        ("kernels by 16 bytes", [1, 4, 6, 7], [3, 4, 3, 3], 1, 1),
        ("1x1, images by 16 bytes, deeper than a chunk", [3, 260, 4, 5], [9, 260, 1, 1], 1, 0),
        ("as many taps as there may be", [1, 2, 9, 8], [3, 2, 15, 15], 1, 7),
        ("several tiles of positions and of taps", [3, 15, 8, 6], [9, 15, 3, 3], 1, 1),
    ];

    public static TheoryData<string> Variants
    {
        get
        {
            TheoryData<string> data = [];
            foreach (Conv2dVariant variant in Conv2dVariant.OnTensorCores) data.Add($"{variant}");
            return data;
        }
    }

    public static TheoryData<string, string> Cases => Pairs(s_cases.Select(c => c.Name));

    private static readonly Dictionary<ActivationFunction, Func<double, double>> s_formulas = new()
    {
        [ActivationFunction.Identity] = z => z,
        [ActivationFunction.Relu] = z => Math.Max(z, 0),
        [ActivationFunction.Sigmoid] = z => 1 / (1 + Math.Exp(-z)),
        [ActivationFunction.Softplus(3)] = z => Math.Log(1 + Math.Exp(3 * z)) / 3,
        [ActivationFunction.Tanh] = Math.Tanh,
    };

    public static TheoryData<string, string> Activations => Pairs(s_formulas.Keys.Select(a => $"{a.Kind}"));

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_pass_is_within_its_precisions_error(string variant, string name)
    {
        (_, Shape x, Shape w, int stride, int pad) = s_cases.Single(c => c.Name == name);
        HostArray images = TestData.Spread(x, 33).Rounded(), kernels = TestData.Spread(w, 34).Rounded();
        HostArray y = Loops.Conv2d(images, kernels, stride, pad), dy = TestData.Spread(y.Shape, 40).Rounded();
        using Setting setting = new(Conv2dVariant.OnTensorCores.Single(v => v.ToString() == variant));
        using TensorScope scope = new();
        Tensor tx = setting.Tensor(images), tw = setting.Tensor(kernels), tdy = setting.Tensor(dy);
        setting.Check(y, tx.Conv2d(tw, stride, pad));
        setting.Check(Loops.Conv2dInputGradient(dy, kernels, x, stride, pad), tdy.Conv2dInputGradient(tw, x, stride, pad));
        setting.Check(Loops.Conv2dWeightGradient(dy, images, w, stride, pad), tdy.Conv2dWeightGradient(tx, w, stride, pad));
    }

    [SkippableTheory, MemberData(nameof(Activations))]
    public void Bias_and_activation_are_added_before_the_result_is_stored(string variant, string kind)
    {
        ActivationFunction activation = s_formulas.Keys.Single(a => $"{a.Kind}" == kind);
        HostArray x = TestData.Spread([3, 2, 7, 9], 47).Rounded(), w = TestData.Spread([67, 2, 3, 3], 48).Rounded(), b = TestData.Spread([67, 1, 1], 49).Rounded();
        HostArray z = Loops.Conv2d(x, w, 1, 1);
        HostArray expected = z with { Values = [.. z.Values.Select((v, i) => s_formulas[activation](v + b.Values[i / 63 % 67]))] };
        using Setting setting = new(Conv2dVariant.OnTensorCores.Single(v => v.ToString() == variant));
        using TensorScope scope = new();
        // No activation here is steeper than 1: the error is at most that of the sums.
        Tensor y = setting.Tensor(x).Conv2dBiasActivation(setting.Tensor(w), setting.Tensor(b), activation, 1, 1);
        setting.Check(expected, y, scale: z.Values.Max(Math.Abs));
    }

    // Tensor cores round sums toward zero. That of 4608 products of one sign is far off where sums are not taken out in chunks.
    [SkippableFact]
    public void Sums_of_one_sign_keep_the_accuracy_of_float32_when_they_are_deep()
    {
        HostArray images = Positive([1, 512, 3, 3], 41), kernels = Positive([2, 512, 3, 3], 42);
        using Setting setting = new(Conv2dVariant.OnTensorCores.Last(v => v.Precision == Precision.Tf32x3));
        using TensorScope scope = new();
        setting.Check(Loops.Conv2d(images, kernels, 1, 0), setting.Tensor(images).Conv2d(setting.Tensor(kernels)));
    }

    // More positions than the tables of a block's copies hold at once.
    [SkippableFact]
    public void A_group_of_many_chunks_of_positions_is_one_sum()
    {
        HostArray images = TestData.Spread([4, 2, 15, 13], 51).Rounded(), dy = TestData.Spread([4, 3, 15, 13], 52).Rounded();
        HostArray expected = Loops.Conv2dWeightGradient(dy, images, [3, 2, 3, 3], 1, 1);
        using Setting setting = new(Conv2dVariant.OnTensorCores[2]);
        using TensorScope scope = new();
        Tensor x = setting.Tensor(images), of = setting.Tensor(dy), partial = Tensor.Zeros(x.Device, [18, 32], DType.Float32);
        Tensor dw = setting.Tensor(expected);
        x.Device.LaunchBlocks("conv2d_wgrad_tf32_64x64", DType.Float32, 1, 256, new Conv2dSize("test", images.Shape, 3, 3, 1, 1), 3L, 1024L, of, x, partial);
        x.Device.Launch("conv2d_sum", DType.Float32, dw.ElementCount, 3L, 18L, 1L, partial, dw);
        setting.Check(expected, dw);
    }

    // Rounding to TF32 must not carry NaN's bits into the sign: of 0x7FFFFFFF, a GPU's own NaN, too.
    [SkippableTheory, MemberData(nameof(Variants))]
    public void NaN_reaches_the_results_that_read_it_and_no_others(string variant)
    {
        HostArray x = TestData.Spread([1, 2, 6, 5], 53).Rounded(), w = TestData.Spread([3, 2, 3, 3], 54).Rounded();
        x.Values[7] = BitConverter.Int32BitsToSingle(0x7FFFFFFF);
        HostArray y = Loops.Conv2d(x, w, 1, 1);
        using Setting setting = new(Conv2dVariant.OnTensorCores.Single(v => v.ToString() == variant));
        using TensorScope scope = new();
        double[] actual = [.. HostArray.Read(setting.Tensor(x).Conv2d(setting.Tensor(w), 1, 1))];
        Assert.Contains(true, actual.Select(double.IsNaN));
        Assert.Equal(y.Values.Select(double.IsNaN), actual.Select(double.IsNaN));
    }

    // Copies of 16 bytes are for operands that allow it; these begin one float further.
    [SkippableFact]
    public void Operands_need_not_begin_at_sixteen_bytes()
    {
        HostArray images = TestData.Spread([2, 8, 4, 4], 43).Rounded(), kernels = TestData.Spread([4, 8, 1, 1], 44).Rounded();
        HostArray expected = Loops.Conv2d(images, kernels, 1, 0);
        using Setting setting = new(Conv2dVariant.OnTensorCores[0]);
        using TensorScope scope = new();
        Tensor x = setting.Shifted(images), w = setting.Shifted(kernels), y = setting.Tensor(expected);
        Conv2dSize size = new("test", images.Shape, 1, 1, 1, 0);
        y.Device.LaunchBlocks("conv2d_fprop_tf32_128x128", DType.Float32, 1, 256, size, 4, (long)x.Address + sizeof(float), (long)w.Address + sizeof(float), y);
        setting.Check(expected, y);
    }

    [SkippableFact]
    public void The_same_bits_come_every_time_for_any_seed()
    {
        Softcuda.Require();
        HostArray x = TestData.Spread([5, 3, 12, 12], 45), dy = TestData.Spread([5, 4, 12, 12], 46);
        using Setting setting = new(Conv2dVariant.OnTensorCores[1]);
        byte[][] results = Array.ConvertAll<ulong, byte[]>([1, 2, 3], seed =>
        {
            using TensorScope scope = new();
            Softcuda.Seed(seed);
            return setting.Tensor(dy).Conv2dWeightGradient(setting.Tensor(x), [4, 3, 3, 3], 1, 1).ToBytes();
        });
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    private static TheoryData<string, string> Pairs(IEnumerable<string> names)
    {
        TheoryData<string, string> data = [];
        foreach (string name in names)
            foreach (Conv2dVariant variant in Conv2dVariant.OnTensorCores) data.Add($"{variant}", name);
        return data;
    }

    private static HostArray Positive(Shape shape, int seed)
    {
        HostArray data = TestData.Spread(shape, seed);
        return (data with { Values = Array.ConvertAll(data.Values, v => 0.5 + Math.Abs(v)) }).Rounded();
    }

    // A device with tensor cores that takes one variant, until it is disposed.
    private sealed class Setting : IDisposable
    {
        private readonly Device _device;
        private readonly Conv2dVariant _variant;

        public Setting(Conv2dVariant variant)
        {
            _device = TestDevices.HasCheckDevice ? TestDevices.Check : TestDevices.Primary;
            Skip.If(_device.Context.ComputeCapability.Major < 8, "the GPU has no TF32");
            _variant = variant;
            (_device.Precision, _device.ConvolutionVariant) = (variant.Precision, variant);
        }

        public Tensor Tensor(HostArray data) => data.ToTensor(_device, DType.Float32);

        // The same elements behind another one.
        public Tensor Shifted(HostArray data) => Tensor(new HostArray([data.Values.Length + 1], [0, .. data.Values]));

        // Errors are relative to the largest entry, or to the scale that is given.
        public void Check(HostArray expected, Tensor actual, double? scale = null)
        {
            double[] errors = [.. expected.Values.Zip(HostArray.Read(actual), (e, a) => Math.Abs(e - a))];
            double error = errors.Max() / (scale ?? expected.Values.Max(Math.Abs));
            Assert.DoesNotContain(double.NaN, errors);
            double allowed = _variant.Precision == Precision.Tf32 ? AllowedTf32 : AllowedTf32x3;
            Assert.Equal(expected.Shape, actual.Shape);
            Assert.True(error <= allowed, $"{actual.Name}, {_variant}: error {error:G3} of the largest entry, {allowed:G1} allowed");
            if (_variant.Precision == Precision.Tf32) Assert.True(error > 1e-7, $"{actual.Name}: {error:G3} is no error of TF32");
        }

        public void Dispose() => (_device.Precision, _device.ConvolutionVariant) = (Precision.Float32, null);
    }
}
