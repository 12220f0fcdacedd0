using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

[Collection("device")]
public sealed class TrainerRepeatabilityTests
{
    private static readonly AdamSettings s_adam = new(Rate: 0.02);

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        byte[] first = Train(3), again = Train(3), other = Train(4);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        byte[] Train(ulong seed) => TrainerTests.Train(Tiny.Images(40), new TrainingSettings(4, 16, s_adam, Seed: seed));
    }

    [SkippableFact]
    public void The_check_device_gives_the_same_bits()
    {
        List<double> primary = [], check = [];
        TrainingSettings settings = new(1, 5, new AdamSettings(Rate: 1e-3));
        byte[] fast = TrainFigure1(TestDevices.Primary, settings, r => primary.Add(r.Loss));
        byte[] slow = TrainFigure1(TestDevices.Check, settings, r => check.Add(r.Loss));
        Assert.Equal(Assert.Single(primary), Assert.Single(check));
        Assert.Equal(fast, slow);
    }

    [Fact]
    public void Memory_in_use_is_the_same_after_every_epoch_and_returns_to_the_start()
    {
        Device device = TestDevices.Primary;
        Figure1Network model = new(1);
        using ParameterSlab slab = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 1);
        using DeviceSamples samples = DeviceSamples.Upload(device, ProceduralDigits.Generate(20, 1));
        long before = device.UsedBytes;
        List<(long Used, long Peak)> epochs = [];
        device.ResetPeak();
        Trainer.Run(model, slab, samples, new TrainingSettings(4, 8, s_adam), _ =>
        {
            epochs.Add((device.UsedBytes, device.PeakBytes));
            device.ResetPeak();
        });
        Assert.Equal(before, device.UsedBytes);
        Assert.Single(epochs.Select(e => e.Used).Distinct());
        Assert.Single(epochs.Skip(1).Select(e => e.Peak).Distinct());
        Assert.True(epochs[0].Used > before, "the optimizer's state is in use");
    }

    [Fact]
    public void A_long_epoch_needs_no_more_memory_than_a_short_one()
    {
        Assert.InRange(Peak(samples: 64) - Peak(samples: 8), 0, 1024);

        static long Peak(int samples)
        {
            Device device = TestDevices.Primary;
            Tiny model = new();
            using ParameterSlab slab = model.Draw(device);
            using DeviceSamples set = DeviceSamples.Upload(device, Tiny.Images(samples));
            device.TrimCache();
            device.ResetPeak();
            long before = device.UsedBytes;
            Trainer.Run(model, slab, set, new TrainingSettings(1, 4, s_adam));
            return device.PeakBytes - before;
        }
    }

    [Fact]
    public void Memory_returns_to_the_start_after_a_failure_and_a_cancellation()
    {
        Device device = TestDevices.Primary;
        using CancellationTokenSource source = new();
        Tiny model = new() { OnForward = _ => source.Cancel() };
        using ParameterSlab slab = model.Draw(device);
        using DeviceSamples samples = DeviceSamples.Upload(device, Tiny.Images(20));
        long before = device.UsedBytes;
        TrainingSettings hopeless = new(9, 20, new AdamSettings(Rate: 1e30));
        Assert.Throws<NonFiniteLossException>(() => Trainer.Run(model, slab, samples, hopeless));
        Assert.Equal(before, device.UsedBytes);
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(model, slab, samples, hopeless, null, source.Token));
        Assert.Equal(before, device.UsedBytes);
    }

    // The optimizer takes four times 294400 bytes, what a step keeps for itself some 1500, a step about 400 kB.
    [SkippableFact]
    public void Running_out_of_memory_anywhere_in_training_leaves_nothing_behind()
    {
        Device device = TestDevices.Primary;
        Figure1Network model = new(1);
        using ParameterSlab slab = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 1);
        using DeviceSamples samples = DeviceSamples.Upload(device, ProceduralDigits.Generate(4, 1));
        long before = device.UsedBytes;
        long[] sizes = [.. Sizes(50_000, 1_177_000, 200_000), .. Sizes(1_177_000, 1_181_000, 256), .. Sizes(1_181_000, 1_900_000, 12_000)];
        int failures = 0;
        foreach (long left in sizes)
        {
            using FullMemory full = new(device, left);
            try
            {
                Trainer.Run(model, slab, samples, new TrainingSettings(1, 4, s_adam));
            }
            catch (DeviceOutOfMemoryException)
            {
                failures++;
            }

            Assert.True(before == device.UsedBytes, $"with {left} bytes left {device.UsedBytes - before} bytes stayed in use");
        }

        Assert.InRange(failures, sizes.Length / 3, sizes.Length - 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_cancelled_token_stops_before_the_next_step(int step)
    {
        using CancellationTokenSource source = new();
        int forwards = 0;
        Tiny model = new()
        {
            OnForward = _ =>
            {
                if (++forwards == step) source.Cancel();
            },
        };
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(20));
        TrainingSettings settings = new(9, 8, s_adam);
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(model, slab, samples, settings, null, source.Token));
        Assert.Equal(step, forwards);
    }

    [Fact]
    public void A_token_cancelled_beforehand_leaves_the_weights_as_they_are()
    {
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary);
        byte[] before = slab.Values.ToBytes();
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(20));
        TrainingSettings settings = new(9, 8, s_adam);
        Assert.Throws<OperationCanceledException>(() => Trainer.Run(model, slab, samples, settings, null, new CancellationToken(canceled: true)));
        Assert.Equal(before, slab.Values.ToBytes());
    }

    private static IEnumerable<long> Sizes(long first, long end, long step)
    {
        for (long size = first; size < end; size += step) yield return size;
    }

    private static byte[] TrainFigure1(Device device, TrainingSettings settings, Action<EpochReport> report)
    {
        Figure1Network model = new(1);
        using ParameterSlab slab = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 1);
        using DeviceSamples samples = DeviceSamples.Upload(device, ProceduralDigits.Generate(12, 1), 1e-3);
        Trainer.Run(model, slab, samples, settings, report);
        return slab.Values.ToBytes();
    }
}
