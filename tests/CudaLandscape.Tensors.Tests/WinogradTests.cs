using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Tests;

/// <summary>
/// Convolutions by Winograd's transforms. The direct way, which they replace where they pay, has its tests in the op table; by which way
/// a device goes decides the last bits, so the devices are compared here with one way on both.
/// </summary>
[Collection("device")]
public sealed class WinogradTests
{
    // Error over the largest entry, of sums that are some hundreds deep.
    private const double Allowed = 1e-6;

    // Images, kernels, pad: odd sides, single images, channels and filters that are multiples of nothing, more of them than a chunk and
    // than a range of rows, tiles that fill no vector, several images in a vector.
    private static readonly (Shape X, Shape W, int Pad)[] s_cases =
    [
        ([1, 1, 3, 3], [1, 1, 3, 3], 0), ([1, 1, 1, 1], [2, 1, 3, 3], 1), ([3, 2, 5, 7], [7, 2, 3, 3], 1), ([2, 5, 6, 4], [13, 5, 3, 3], 2),
        ([1, 67, 4, 3], [5, 67, 3, 3], 1), ([37, 3, 2, 2], [4, 3, 3, 3], 1), ([2, 3, 19, 18], [140, 3, 3, 3], 0),
        ([1, 140, 5, 4], [3, 140, 3, 3], 1),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Theory, MemberData(nameof(Cases))]
    public void Every_pass_is_that_of_the_formula(int number)
    {
        Case c = new(number);
        using Setting setting = new(TestDevices.Primary, true);
        using TensorScope scope = new();
        Check(Loops.Conv2d(c.X, c.W, 1, c.Pad), c.Forward(TestDevices.Primary), $"{c} forward");
        Check(Loops.Conv2dInputGradient(c.Dy, c.W, c.X.Shape, 1, c.Pad), c.InputGradient(TestDevices.Primary), $"{c} input gradient");
        Check(Loops.Conv2dWeightGradient(c.Dy, c.X, c.W.Shape, 1, c.Pad), c.WeightGradient(TestDevices.Primary), $"{c} weight gradient");
        HostArray activated = Loops.Map(Loops.Broadcast(Loops.Conv2d(c.X, c.W, 1, c.Pad), c.B, (z, b) => z + b), v => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(2.5 * v))) / 2.5);
        Check(activated, c.Activated(TestDevices.Primary), $"{c} with bias and activation");
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Both_devices_give_the_same_bits(int number)
    {
        Case c = new(number);
        using Setting fast = new(TestDevices.Primary, true), check = new(TestDevices.Check, true);
        using TensorScope scope = new();
        foreach (Func<Device, Tensor> run in new Func<Device, Tensor>[] { c.Forward, c.InputGradient, c.WeightGradient, c.Activated })
            Assert.Equal(run(TestDevices.Primary).ToBytes(), run(TestDevices.Check).ToBytes());
    }

    // 80 channels at 14 x 14 are enough for it, 8 are not, float64 never is.
    [SkippableTheory]
    [InlineData(80, DType.Float32, true)]
    [InlineData(8, DType.Float32, false)]
    [InlineData(80, DType.Float64, false)]
    public void It_is_taken_where_it_pays_and_agrees_with_the_direct_way(int channels, DType type, bool isTaken)
    {
        Softcuda.Require();
        Device device = TestDevices.Primary;
        Conv2dSize size = new("test", [4, channels, 14, 14], 3, 3, 1, 1);
        Assert.Equal(isTaken, new Conv2dWinograd(size, 80, ofGradient: false).Pays(device, type));
        Assert.False(new Conv2dWinograd(size, 80, ofGradient: false).Pays(TestDevices.Check, type));
        Assert.Equal(isTaken, new Conv2dWinogradGradient(size, 80).Pays(device, type));
        Assert.False(new Conv2dWinogradGradient(size, 80).Pays(TestDevices.Check, type));
        using TensorScope scope = new();
        Tensor x = TestData.Spread([4, channels, 14, 14], 33).ToTensor(device, type);
        Tensor w = TestData.Spread([80, channels, 3, 3], 34).ToTensor(device, type);
        Tensor dy = TestData.Spread([4, 80, 14, 14], 35).ToTensor(device, type);
        foreach (Func<Tensor> run in new Func<Tensor>[]
            { () => x.Conv2d(w, 1, 1), () => dy.Conv2dInputGradient(w, x.Shape, 1, 1), () => dy.Conv2dWeightGradient(x, w.Shape, 1, 1) })
        {
            byte[] chosen = run().ToBytes(), direct, winograd;
            using (new Setting(device, false)) direct = run().ToBytes();
            using (new Setting(device, true)) winograd = run().ToBytes();
            Assert.Equal(isTaken ? winograd : direct, chosen);
            Assert.Equal(type == DType.Float64, direct.AsSpan().SequenceEqual(winograd));
        }
    }

    private static void Check(HostArray expected, Tensor actual, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Close.ToScale(expected.Values, HostArray.Read(actual), Allowed, 0, what);
    }

    private sealed class Case
    {
        public Case(int number)
        {
            (Shape x, Shape w, Pad) = s_cases[number];
            (X, W, B) = (TestData.Spread(x, 33).Rounded(), TestData.Spread(w, 34).Rounded(), TestData.Spread([w[0], 1, 1], 41).Rounded());
            Dy = TestData.Spread(Loops.Conv2d(X, W, 1, Pad).Shape, 40).Rounded();
        }

        public HostArray X { get; }

        public HostArray W { get; }

        public HostArray B { get; }

        public HostArray Dy { get; }

        public int Pad { get; }

        public Tensor Forward(Device device) => On(device, X).Conv2d(On(device, W), 1, Pad);

        public Tensor InputGradient(Device device) => On(device, Dy).Conv2dInputGradient(On(device, W), X.Shape, 1, Pad);

        public Tensor WeightGradient(Device device) => On(device, Dy).Conv2dWeightGradient(On(device, X), W.Shape, 1, Pad);

        public Tensor Activated(Device device) =>
            On(device, X).Conv2dBiasActivation(On(device, W), On(device, B), ActivationFunction.Softplus(2.5), 1, Pad);

        public override string ToString() => $"{X.Shape} {W.Shape} pad {Pad}";

        private static Tensor On(Device device, HostArray x) => x.ToTensor(device, DType.Float32);
    }

    // Which way a device goes, until it is disposed.
    private sealed class Setting : IDisposable
    {
        private readonly Device _device;

        public Setting(Device device, bool winograd)
        {
            _device = device;
            device.Winograd = winograd;
        }

        public void Dispose() => _device.Winograd = null;
    }
}
