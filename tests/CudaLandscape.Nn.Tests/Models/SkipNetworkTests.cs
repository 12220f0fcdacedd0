using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Models;

/// <summary>Skip connections against the pool written out as one tensor and indexed.</summary>
[Collection("device")]
public sealed class SkipNetworkTests
{
    private const int Drawn = 23, Seed = 7;
    private static readonly HostArray s_x = TestData.Spread([3, 2, 6, 6], 11);

    private static Device Device => TestDevices.Primary;

    [SkippableTheory]
    [InlineData("primary")]
    [InlineData("check")]
    public void Neurons_are_those_of_the_pool_and_the_output_adds_their_weighted_sum(string device)
    {
        using Skip skip = new(device);
        using TensorScope scope = new();
        Tensor x = s_x.ToTensor(TestDevices.Get(device), DType.Float64);
        double[] pool = Rows(skip, x).ToArray<double>(), own = skip.Basis.Forward(x).ToArray<double>();
        double[] v = skip.Slab.Tensors[^1].ToArray<double>(), neurons = skip.Network.Neurons(x).ToArray<double>();
        double[] expected = [.. own];
        int[] places = skip.Pool.Draw(Drawn, Seed);
        for (int n = 0; n < 3; n++)
        {
            for (int k = 0; k < Drawn; k++)
            {
                Assert.Equal(pool[n * skip.Pool.Count + places[k]], neurons[n * Drawn + k]);
                for (int c = 0; c < 4; c++) expected[n * 4 + c] += neurons[n * Drawn + k] * v[c * Drawn + k];
            }
        }

        Close.ToScale(expected, skip.Network.Forward(x).ToArray<double>(), 1e-13, 1, "outputs");
    }

    [Fact]
    public void First_and_second_derivatives_are_those_of_the_pool_written_out()
    {
        using Skip skip = new("primary");
        using IndexSet chosen = IndexSet.From(Device, [Drawn], skip.Pool.Draw(Drawn, Seed), skip.Pool.Count);
        using TensorScope scope = new();
        Tensor x = s_x.ToTensor(Device, DType.Float64).RequireGradient();
        Tensor labels = Tensor.From<int>(Device, [3], [0, 3, 1]);
        Tensor[] at = [.. skip.Slab.Tensors, x];
        Tensor[] vs = [.. at.Select((t, i) => TestData.Spread(t.Shape, 40 + i).ToTensor(Device, DType.Float64))];
        Tensor ours = skip.Network.Forward(x).CrossEntropy(labels);
        Tensor dense = (skip.Basis.Forward(x) + Rows(skip, x).Gather(chosen).MatMul(skip.Slab.Tensors[^1], transposeB: true)).CrossEntropy(labels);
        Compare(Gradient.Of(dense, at), Gradient.Of(ours, at), "gradient");
        Compare(Gradient.HessianVectorProduct(dense, at, vs), Gradient.HessianVectorProduct(ours, at, vs), "Hessian-vector product");

        static void Compare(Tensor[] expected, Tensor[] actual, string what)
        {
            for (int i = 0; i < expected.Length; i++)
                Close.ToScale(expected[i].ToArray<double>(), actual[i].ToArray<double>(), 1e-12, 1, $"{what} {i}");
        }
    }

    [Fact]
    public void The_same_gradient_twice_has_the_same_bits()
    {
        using Skip skip = new("primary", DType.Float32);
        byte[][] first = Gradients(skip);
        Assert.Equal(first, Gradients(skip));

        static byte[][] Gradients(Skip skip)
        {
            using TensorScope scope = new();
            Tensor loss = skip.Network.Forward(s_x.ToTensor(Device, DType.Float32)).Square().Sum();
            return [.. Gradient.Of(loss, skip.Slab.Tensors).Select(g => g.ToBytes())];
        }
    }

    // Without a tape a layer is released after its neurons are picked; the pool of 2 x 30,208 would be 483 kB.
    [Fact]
    public void The_pool_is_never_in_memory_as_a_whole()
    {
        GraphBuilder g = new([2, 32, 32]);
        Node last = g.Input;
        for (int i = 1; i <= 8; i++)
            last = g.Add($"act{i}", Activation.Sigmoid, g.Add($"conv{i}", new Conv2d(last.Shape, 2, 3, pad: 1), last));
        GraphModel basis = g.Build(g.Add("output", new Linear(2048, 4), g.Add("flatten", new Flatten(), last)));
        NeuronPool pool = NeuronPool.OfActivations(basis);
        using SkipNetwork network = new(basis, pool, 50, 1);
        using ParameterSlab slab = ParameterSlab.Initialize(network, Device, DType.Float64, Initializer.GlorotUniform, 1);
        network.Upload(Device);
        using TensorScope scope = new();
        using NoGradient noGradient = new();
        Tensor x = TestData.Spread([16, 2, 32, 32], 2).ToTensor(Device, DType.Float64);
        long plain = Peak(() => basis.Forward(x)), skip = Peak(() => network.Forward(x)), all = 16L * pool.Count * sizeof(double);
        Assert.True(skip - plain < all / 10, $"skip connections took {skip - plain} bytes more; the pool has {all}");
    }

    [Fact]
    public void A_seed_draws_the_same_neurons_and_another_one_others_all_equally_often()
    {
        NeuronPool pool = new([new("a", 0, 10), new("b", 5, 10)]);
        int[] hits = new int[20];
        for (ulong seed = 0; seed < 2000; seed++)
        {
            int[] places = pool.Draw(5, seed);
            Assert.Equal(places.Distinct().Order(), places);
            foreach (int place in places) hits[place]++;
        }

        Assert.All(hits, h => Assert.InRange(h, 400, 600)); // 500 with a standard deviation of 19
        Assert.Equal(pool.Draw(20, 3), Enumerable.Range(0, 20));
        Assert.Equal(pool.Draw(7, 3), pool.Draw(7, 3));
    }

    [Fact]
    public void It_starts_from_the_weights_of_the_network_without_skip_connections()
    {
        using Skip skip = new("primary");
        double[][] with = [.. skip.Slab.Tensors.Select(t => t.ToArray<double>())];
        GraphModel alone = Basis();
        using ParameterSlab slab = ParameterSlab.Initialize(alone, Device, DType.Float64, Initializer.GlorotUniform, 2);
        Assert.Equal(slab.Tensors.Select(t => t.ToArray<double>()), with[..^1]);
        Assert.Equal("skip.weight", skip.Network.Parameters[^1].Name);
        Assert.Equal([4, Drawn], skip.Network.Parameters[^1].Shape);
    }

    [Fact]
    public void Impossible_draws_and_missing_lists_are_refused()
    {
        GraphModel basis = Basis();
        NeuronPool pool = NeuronPool.OfActivations(basis);
        Assert.Contains(
            $"cannot draw {pool.Count + 1} neurons from a pool of {pool.Count}",
            Assert.Throws<ArgumentOutOfRangeException>(() => new SkipNetwork(basis, pool, pool.Count + 1, 1)).Message);
        Assert.Contains("nearest: act1", Assert.Throws<ArgumentException>(() => new SkipNetwork(basis, new([new("act9", 0, 5)]), 5, 1)).Message);
        Assert.Contains("outside a sample", Assert.Throws<ArgumentException>(() => new SkipNetwork(basis, new([new("act1", 0, 999)]), 999, 1)).Message);
        using SkipNetwork network = new(basis, pool, 5, 1);
        using ParameterSlab slab = ParameterSlab.Initialize(network, Device, DType.Float64, Initializer.GlorotUniform, 1);
        using TensorScope scope = new();
        Tensor x = s_x.ToTensor(Device, DType.Float64);
        Assert.Contains("upload them first", Assert.Throws<InvalidOperationException>(() => network.Forward(x)).Message);
    }

    private static long Peak(Func<Tensor> forward)
    {
        using TensorScope scope = new();
        Device.ResetPeak();
        long before = Device.PeakBytes;
        forward();
        return Device.PeakBytes - before;
    }

    // Every activation's outputs, layer after layer: [N, pool].
    private static Tensor Rows(Skip skip, Tensor x)
    {
        string[] nodes = [.. skip.Pool.Sources.Select(s => s.Node)];
        return skip.Basis.Features(nodes, x).Select(f => f.Reshape([3, f.ElementCount / 3])).ToArray().Concat(1);
    }

    private static GraphModel Basis()
    {
        GraphBuilder g = new([2, 6, 6]);
        Node a = g.Add("act1", Activation.Sigmoid, g.Add("conv1", new Conv2d(g.Input.Shape, 3, 3, pad: 1), g.Input));
        Node b = g.Add("conv2", new Conv2d([3, 3, 3], 2, 3, pad: 1), g.Add("pool", new AvgPool2d(2), a));
        Node c = g.Add("rows", new Flatten(), g.Add("act2", Activation.Softplus(20), b));
        return g.Build(g.Add("output", new Linear(18, 4), c));
    }

    private sealed class Skip : IDisposable
    {
        public Skip(string device, DType type = DType.Float64)
        {
            Pool = NeuronPool.OfActivations(Basis);
            Network = new SkipNetwork(Basis, Pool, Drawn, Seed);
            Network.Upload(TestDevices.Get(device));
            Slab = ParameterSlab.Initialize(Network, TestDevices.Get(device), type, Initializer.GlorotUniform, 2);
        }

        public GraphModel Basis { get; } = SkipNetworkTests.Basis();

        public NeuronPool Pool { get; }

        public SkipNetwork Network { get; }

        public ParameterSlab Slab { get; }

        public void Dispose()
        {
            Slab.Dispose();
            Network.Dispose();
        }
    }
}
