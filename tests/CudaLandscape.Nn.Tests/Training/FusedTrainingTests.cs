using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>The fused step of the Figure 1 network against the composed one, and its bits against themselves.</summary>
[Collection("device")]
public sealed class FusedTrainingTests
{
    private static readonly AdamSettings s_adam = new(LearningRate.InverseTime(1e-2, 1e-3));

    // Plain gradient descent at rate 1: the change of a parameter is the sum of its gradients.
    private static readonly SgdSettings s_descent = new(1, Momentum: 0);

    [Theory]
    [InlineData(1, 5, 5)]
    [InlineData(3, 19, 16)]
    [InlineData(10, 21, 21)]
    [InlineData(17, 9, 9)]
    [InlineData(40, 3, 2)]
    public void Fused_gradients_equal_composed_ones_in_float64(int t1, int samples, int batch)
    {
        foreach (LossNormalization loss in Enum.GetValues<LossNormalization>())
        {
            SgdSettings descent = s_descent with { Rate = loss == LossNormalization.HalfSum ? 1e-2 : 1 };
            TrainingSettings settings = new(1, batch, descent, loss, Seed: 5);
            Outcome composed = Train(t1, samples, settings, DType.Float64);
            Outcome fused = Train(t1, samples, settings with { Fused = true }, DType.Float64);
            Assert.Equal(composed.Losses[0], fused.Losses[0], 1e-12 * composed.Losses[0]);
            foreach ((double[] expected, double[] actual) in composed.Weights.Zip(fused.Weights))
            {
                double scale = expected.Max(Math.Abs);
                for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12 * scale);
            }
        }
    }

    [Fact]
    public void Fused_training_in_float32_follows_float64()
    {
        TrainingSettings settings = new(2, 16, s_descent, Seed: 5, Fused: true);
        Outcome exact = Train(10, 64, settings with { Fused = false }, DType.Float64);
        Outcome single = Train(10, 64, settings, DType.Float32);
        foreach ((double expected, double actual) in exact.Losses.Zip(single.Losses)) Assert.Equal(expected, actual, 1e-5 * expected);
        foreach ((double[] expected, double[] actual) in exact.Weights.Zip(single.Weights))
        {
            double scale = expected.Max(Math.Abs);
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 * scale);
        }
    }

    // From T1 = 52 on a thread of the device takes all taps of a channel; 81 channels in float64 are too many for shared memory.
    [SkippableTheory]
    [InlineData(DType.Float32, 3, 13, 10, true)]
    [InlineData(DType.Float64, 3, 13, 10, true)]
    [InlineData(DType.Float32, 10, 2, 2, true)]
    [InlineData(DType.Float32, 81, 2, 2, true)]
    [InlineData(DType.Float64, 81, 2, 2, false)]
    public void The_check_device_gives_the_same_bits(DType type, int t1, int samples, int batch, bool inSharedMemory)
    {
        TrainingSettings settings = new(1, batch, s_adam, Seed: 5, Fused: true);
        Outcome fast = Train(t1, samples, settings, type), slow = Train(t1, samples, settings, type, TestDevices.Check);
        int shared = (int)TestDevices.Check.GetKernel("figure1_gradient", type).LastShape!.Value.SharedBytes;
        int most = TestDevices.Check.Context.MaxOptInSharedBytesPerBlock, fourRows = 4 * 724 * type.SizeBytes();
        if (inSharedMemory) Assert.InRange(shared, most - fourRows + 1, most); // rows of fc1.weight take what is left
        else Assert.Equal(0, shared);
        Assert.Equal(fast.Losses, slow.Losses);
        Assert.Equal(fast.Bytes, slow.Bytes);
    }

    [Theory]
    [InlineData(100, 32)]
    [InlineData(20, 32)]
    public void Recorded_and_plain_give_the_same_bits(int samples, int batch)
    {
        TrainingSettings settings = new(3, batch, s_adam, Seed: 5, Fused: true);
        Outcome plain = Train(4, samples, settings, DType.Float32);
        Outcome recorded = Train(4, samples, settings with { Captured = true }, DType.Float32);
        Assert.Equal(plain.Losses, recorded.Losses);
        Assert.Equal(plain.Bytes, recorded.Bytes);
    }

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, true)]
    public void Networks_trained_together_end_with_the_bits_they_have_alone(DType type, bool captured)
    {
        int[] t1 = [12, 3, 3, 1];
        TrainingSettings settings = new(2, 16, s_adam, Fused: true, Captured: captured);
        Outcome[] alone = [.. t1.Select((t, n) => Train(t, 40, settings with { Seed = (ulong)n }, type))];
        Device device = TestDevices.Primary;
        using DeviceSamples data = DeviceSamples.Upload(device, ProceduralDigits.Generate(40, 3));
        TrainedNetwork[] networks = [.. t1.Select((t, n) => Draw(t, type, device, (ulong)n))];
        List<double[]> losses = [];
        Trainer.RunTogether(networks, data, settings, report => losses.Add([.. report.Losses]));
        for (int n = 0; n < t1.Length; n++)
        {
            Assert.Equal(alone[n].Losses, losses.Select(epoch => epoch[n]));
            Assert.Equal(alone[n].Bytes, networks[n].Parameters.Values.ToBytes());
            networks[n].Parameters.Dispose();
        }
    }

    [Fact]
    public void A_weight_that_is_not_a_number_is_noticed()
    {
        Device device = TestDevices.Primary;
        using DeviceSamples data = DeviceSamples.Upload(device, ProceduralDigits.Generate(8, 3));
        foreach (int parameter in Enumerable.Range(0, 8))
        {
            TrainedNetwork network = Draw(2, DType.Float32, device, 4);
            using ParameterSlab slab = network.Parameters;
            using (TensorScope scope = new())
            {
                Tensor values = slab.Tensors[parameter].Detach().Reshape([slab.Parameters[parameter].Shape.ElementCount]);
                values.Slab(values.ElementCount - 1, [1], "last").CopyFrom(Tensor.Full(device, [1], DType.Float32, double.NaN));
            }

            Assert.Throws<NonFiniteLossException>(() => Trainer.Run(network.Model, slab, data, new(1, 8, s_adam, Fused: true)));
        }
    }

    [Fact]
    public void Memory_in_use_returns_to_the_start_and_an_epoch_adds_none()
    {
        Device device = TestDevices.Primary;
        long before = device.UsedBytes;
        TrainedNetwork network = Draw(4, DType.Float32, device, 4);
        using (network.Parameters)
        using (DeviceSamples data = DeviceSamples.Upload(device, ProceduralDigits.Generate(48, 3)))
        {
            List<(long, long)> epochs = [];
            Trainer.Run(network.Model, network.Parameters, data, new(4, 16, s_adam, Fused: true), _ =>
            {
                epochs.Add((device.UsedBytes, device.PeakBytes));
                device.ResetPeak();
            });
            Assert.Single(epochs.Skip(1).Distinct());
        }

        Assert.Equal(before, device.UsedBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_step_allocates_next_to_nothing_on_the_host(bool captured)
    {
        Allocated(captured, steps: 5); // what is allocated once: code, kernels, static tables
        long few = Allocated(captured, steps: 20), many = Allocated(captured, steps: 420);
        Assert.InRange((many - few) / 400.0, 0, captured ? 64 : 4096);
    }

    [Fact]
    public void Other_networks_and_data_are_refused_with_the_way_out()
    {
        TrainingSettings settings = new(1, 4, s_adam, Fused: true);
        Refused("network of Figure 1", new Figure1Network(2, Conv2Choice.Kernel3Stride2), settings);
        Refused("one bias per filter", new Figure1Network(2, bias: BiasKind.Neuron), settings);
        Refused("captured step", new Figure1Network(2), settings with { Augmentation = new Augmentation(4) });
    }

    private static void Refused(string message, Module model, TrainingSettings settings)
    {
        Device device = TestDevices.Primary;
        using DeviceSamples data = DeviceSamples.Upload(device, ProceduralDigits.Generate(4, 3));
        using ParameterSlab slab = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 1);
        long before = device.UsedBytes;
        Assert.Contains(message, Assert.Throws<NotSupportedException>(() => Trainer.Run(model, slab, data, settings)).Message);
        Assert.Equal(before, device.UsedBytes);
    }

    // Batches of one image, so that the order of the samples is small as well.
    private static long Allocated(bool captured, int steps)
    {
        Device device = TestDevices.Primary;
        TrainedNetwork network = Draw(1, DType.Float32, device, 4);
        using ParameterSlab slab = network.Parameters;
        ImageSet black = new(new byte[steps * 784], new byte[steps], 1, 28, 28, 10, "black", "", isReal: false);
        using DeviceSamples data = DeviceSamples.Upload(device, black);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Trainer.Run(network.Model, slab, data, new(1, 1, s_adam, Captured: captured, Fused: true));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static TrainedNetwork Draw(int t1, DType type, Device device, ulong seed)
    {
        Figure1Network model = new(t1);
        return new(model, ParameterSlab.Initialize(model, device, type, Initializer.GlorotUniform, seed + 40), seed);
    }

    private static Outcome Train(int t1, int samples, TrainingSettings settings, DType type, Device? device = null)
    {
        device ??= TestDevices.Primary;
        TrainedNetwork network = Draw(t1, type, device, settings.Seed);
        using ParameterSlab slab = network.Parameters;
        using DeviceSamples data = DeviceSamples.Upload(device, ProceduralDigits.Generate(samples, 3));
        List<double> losses = [];
        Module model = settings.Fused ? network.Model : new Cast(network.Model, type);
        Trainer.Run(model, slab, data, settings, report => losses.Add(report.Loss));
        using TensorScope scope = new();
        double[][] weights = [.. slab.Tensors.Select(t => t.Detach().Cast(DType.Float64).ToArray<double>())];
        return new Outcome(weights, slab.Values.ToBytes(), losses);
    }

    private sealed record Outcome(double[][] Weights, byte[] Bytes, List<double> Losses);

    private sealed class Cast(Module inner, DType type) : Module
    {
        public override LayerRole Role => inner.Role;

        public override IReadOnlyList<Parameter> Parameters => inner.Parameters;

        public override Tensor Forward(Tensor x) => inner.Forward(x.Cast(type));

        public override Shape OutputShape(Shape input) => inner.OutputShape(input);

        public override long MultiplyAdds(Shape input) => inner.MultiplyAdds(input);
    }
}
