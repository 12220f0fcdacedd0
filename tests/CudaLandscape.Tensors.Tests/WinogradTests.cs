using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Tests;

/// <summary>
/// Convolutions by Winograd's transforms. The direct way, which they replace where they pay, has its tests in the op table; by which way
/// a device goes decides the last bits, so the devices are compared here with one way on both.
/// </summary>
[Collection("device")]
public sealed class WinogradTests
{
    // Error over the largest entry, of sums that are some hundreds deep; tiles of 4x4 have three times that of 2x2.
    private const double Allowed = 1e-6;

    // Images, kernels, stride, pad: odd sides, single images, channels and filters that are multiples of nothing, more of them than a chunk
    // and than a range of rows, tiles that fill no vector, several images in a vector; at a stride of 2 last pixels that no window reads.
    private static readonly (Shape X, Shape W, int Stride, int Pad)[] s_cases =
    [
        ([1, 1, 3, 3], [1, 1, 3, 3], 1, 0), ([1, 1, 1, 1], [2, 1, 3, 3], 1, 1), ([3, 2, 5, 7], [7, 2, 3, 3], 1, 1),
        ([2, 5, 6, 4], [13, 5, 3, 3], 1, 2), ([1, 67, 4, 3], [5, 67, 3, 3], 1, 1), ([37, 3, 2, 2], [4, 3, 3, 3], 1, 1),
        ([2, 3, 19, 18], [140, 3, 3, 3], 1, 0), ([1, 140, 5, 4], [3, 140, 3, 3], 1, 1), ([2, 3, 33, 37], [5, 3, 3, 3], 1, 1),
        ([1, 1, 3, 3], [1, 1, 3, 3], 2, 0), ([1, 1, 1, 1], [2, 1, 3, 3], 2, 1), ([3, 2, 5, 7], [7, 2, 3, 3], 2, 1),
        ([2, 5, 6, 4], [13, 5, 3, 3], 2, 2), ([1, 67, 4, 9], [5, 67, 3, 3], 2, 1), ([37, 3, 4, 4], [4, 3, 3, 3], 2, 1),
        ([2, 3, 19, 18], [140, 3, 3, 3], 2, 0), ([1, 140, 10, 7], [3, 140, 3, 3], 2, 1), ([2, 3, 33, 50], [5, 3, 3, 3], 2, 1),
    ];

    /// <summary>Number of the case, side of the tiles.</summary>
    public static TheoryData<int, int> Cases
    {
        get
        {
            TheoryData<int, int> cases = [];
            for (int number = 0; number < s_cases.Length; ++number)
            {
                cases.Add(number, 2);
                cases.Add(number, 4);
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Every_pass_is_that_of_the_formula(int number, int step)
    {
        Case c = new(number);
        using Setting setting = new(TestDevices.Primary, step);
        using TensorScope scope = new();
        Check(Loops.Conv2d(c.X, c.W, c.Stride, c.Pad), c.Forward(TestDevices.Primary), step, $"{c} forward");
        Check(Loops.Conv2dInputGradient(c.Dy, c.W, c.X.Shape, c.Stride, c.Pad), c.InputGradient(TestDevices.Primary), step, $"{c} input gradient");
        Check(Loops.Conv2dWeightGradient(c.Dy, c.X, c.W.Shape, c.Stride, c.Pad), c.WeightGradient(TestDevices.Primary), step, $"{c} weight gradient");
        // Its error is that of its argument, which is larger than itself far to the left.
        HostArray activated = Loops.Map(Loops.Broadcast(Loops.Conv2d(c.X, c.W, c.Stride, c.Pad), c.B, (z, b) => z + b), v => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(2.5 * v))) / 2.5);
        Check(activated, c.Activated(TestDevices.Primary), step, $"{c} with bias and activation", 1);
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Both_devices_give_the_same_bits(int number, int step)
    {
        Case c = new(number);
        using Setting fast = new(TestDevices.Primary, step), check = new(TestDevices.Check, step);
        using TensorScope scope = new();
        foreach (Func<Device, Tensor> run in new Func<Device, Tensor>[] { c.Forward, c.InputGradient, c.WeightGradient, c.Activated })
            Assert.Equal(run(TestDevices.Primary).ToBytes(), run(TestDevices.Check).ToBytes());
    }

    // 80 channels are enough for it, 8 are not, float64 never is. Tiles of 4x4 need half as many products for planes of 14x14; planes of 2x2
    // they would leave three quarters empty, and of 4x4 there are too few. At a stride of 2 they need fewer for 4x4 results, more for 14x14, and
    // a single result is done directly, as everything is at a stride of 3.
    [SkippableTheory]
    [InlineData(4, 80, 14, 1, DType.Float32, 4)]
    [InlineData(128, 80, 2, 1, DType.Float32, 2)]
    [InlineData(32, 80, 4, 1, DType.Float32, 2)]
    [InlineData(4, 8, 14, 1, DType.Float32, 0)]
    [InlineData(4, 80, 14, 1, DType.Float64, 0)]
    [InlineData(64, 80, 8, 2, DType.Float32, 4)]
    [InlineData(4, 80, 28, 2, DType.Float32, 2)]
    [InlineData(128, 80, 4, 2, DType.Float32, 2)]
    [InlineData(512, 80, 2, 2, DType.Float32, 0)]
    [InlineData(64, 80, 14, 3, DType.Float32, 0)]
    public void It_is_taken_where_it_pays_and_agrees_with_the_direct_way(int images, int channels, int side, int stride, DType type, int step)
    {
        Softcuda.Require();
        Device device = TestDevices.Primary;
        WinogradTile? expected = step == 0 ? null : new WinogradTile(step, stride);
        Conv2dSize size = new("test", [images, channels, side, side], 3, 3, stride, 1);
        Assert.Equal(expected, new Conv2dWinograd(size, 80, ofGradient: false).Choose(device, type));
        Assert.Equal(expected, new Conv2dWinograd(size, 80, ofGradient: true).Choose(device, type));
        Assert.Null(new Conv2dWinograd(size, 80, ofGradient: false).Choose(TestDevices.Check, type));
        Assert.Equal(expected, new Conv2dWinogradGradient(size, 80).Choose(device, type));
        Assert.Null(new Conv2dWinogradGradient(size, 80).Choose(TestDevices.Check, type));
        using TensorScope scope = new();
        Tensor x = TestData.Spread([images, channels, side, side], 33).ToTensor(device, type);
        Tensor w = TestData.Spread([80, channels, 3, 3], 34).ToTensor(device, type);
        Tensor dy = TestData.Spread([images, 80, size.P, size.Q], 35).ToTensor(device, type);
        foreach (Func<Tensor> run in new Func<Tensor>[]
            {
                () => x.Conv2d(w, stride, 1), () => dy.Conv2dInputGradient(w, x.Shape, stride, 1), () => dy.Conv2dWeightGradient(x, w.Shape, stride, 1),
            })
        {
            byte[] chosen = run().ToBytes();
            foreach (int other in new[] { 0, 2, 4 })
            {
                using Setting setting = new(device, other);
                Assert.Equal(other == step || type == DType.Float64 || stride == 3, chosen.AsSpan().SequenceEqual(run().ToBytes()));
            }
        }
    }

    private static void Check(HostArray expected, Tensor actual, int step, string what, double floor = 0)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Close.ToScale(expected.Values, HostArray.Read(actual), step == 4 ? 3 * Allowed : Allowed, floor, what);
    }

    private sealed class Case
    {
        public Case(int number)
        {
            (Shape x, Shape w, Stride, Pad) = s_cases[number];
            (X, W, B) = (TestData.Spread(x, 33).Rounded(), TestData.Spread(w, 34).Rounded(), TestData.Spread([w[0], 1, 1], 41).Rounded());
            Dy = TestData.Spread(Loops.Conv2d(X, W, Stride, Pad).Shape, 40).Rounded();
        }

        public HostArray X { get; }

        public HostArray W { get; }

        public HostArray B { get; }

        public HostArray Dy { get; }

        public int Stride { get; }

        public int Pad { get; }

        public Tensor Forward(Device device) => On(device, X).Conv2d(On(device, W), Stride, Pad);

        public Tensor InputGradient(Device device) => On(device, Dy).Conv2dInputGradient(On(device, W), X.Shape, Stride, Pad);

        public Tensor WeightGradient(Device device) => On(device, Dy).Conv2dWeightGradient(On(device, X), W.Shape, Stride, Pad);

        public Tensor Activated(Device device) =>
            On(device, X).Conv2dBiasActivation(On(device, W), On(device, B), ActivationFunction.Softplus(2.5), Stride, Pad);

        public override string ToString() => $"{X.Shape} {W.Shape} stride {Stride} pad {Pad}";

        private static Tensor On(Device device, HostArray x) => x.ToTensor(device, DType.Float32);
    }

    // Which way a device goes, until it is disposed.
    private sealed class Setting : IDisposable
    {
        private readonly Device _device;

        public Setting(Device device, int step)
        {
            _device = device;
            device.WinogradStep = step;
        }

        public void Dispose() => _device.WinogradStep = null;
    }
}
