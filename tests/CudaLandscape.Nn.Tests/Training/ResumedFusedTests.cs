using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>Fused training, alone and of several networks together, that was stopped and taken up.</summary>
[Collection("device")]
public sealed class ResumedFusedTests : IDisposable
{
    private const int Samples = 20, Batch = 8, Steps = 6;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void Stopped_after_any_step_it_ends_with_the_same_bits(bool captured, int networks)
    {
        (byte[] whole, _) = Train(captured, networks, null, stopAfter: int.MaxValue);
        for (int k = 0; k < Steps; k++)
        {
            CheckpointFolder folder = new(Path.Combine(_folder.Root, $"{k}"), new Dictionary<string, string>(), line => Assert.Fail(line));
            Assert.True(Train(captured, networks, folder, stopAfter: k).Stopped);
            (byte[] resumed, bool stopped) = Train(captured, networks, folder, stopAfter: int.MaxValue);
            Assert.False(stopped);
            Assert.True(whole.AsSpan().SequenceEqual(resumed), $"stopped after step {k}: the weights differ in their bits");
        }
    }

    [Fact]
    public void The_step_that_gives_a_value_that_is_not_finite_is_found_op_by_op()
    {
        CheckpointFolder folder = new(_folder.Root, new Dictionary<string, string>(), line => Assert.Fail(line));
        TrainedNetwork network = Draw(1, 1);
        using ParameterSlab slab = network.Parameters;
        using DeviceSamples data = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(Samples, 3));
        TrainingSettings settings = new(2, Batch, new AdamSettings(1e30), Captured: true, Fused: true);
        var error = Assert.Throws<NonFiniteLossException>(() =>
            Trainer.Run(network.Model, slab, data, settings, null, default, new TrainingCheckpoints(folder, TimeSpan.Zero)));
        Assert.Equal((2L, 1), (error.Step, error.Epoch));
        Assert.Contains("in the loss", error.Message);
        Assert.Equal(new TrainingCursor(1, Batch), folder.Load()!.Cursor);
    }

    // It saves after every step, and a new training at its start; the save after a number of steps cancels it.
    private static (byte[] Weights, bool Stopped) Train(bool captured, int count, CheckpointFolder? folder, int stopAfter)
    {
        using CancellationTokenSource source = new();
        int saves = folder?.Load() is null ? -1 : 0;
        TrainingCheckpoints? checkpoints = folder is null ? null : new(folder, TimeSpan.Zero)
        {
            FlushMetrics = () =>
            {
                if (++saves == stopAfter) source.Cancel();
                return 0;
            },
        };
        TrainingSettings settings = new(2, Batch, new AdamSettings(1e-2), Captured: captured, Fused: true);
        TrainedNetwork[] networks = [.. Enumerable.Range(1, count).Select(n => Draw(n, (ulong)n))];
        using DeviceSamples data = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(Samples, 3));
        bool stopped = false;
        try
        {
            if (count > 1) Trainer.RunTogether(networks, data, settings, null, source.Token, checkpoints);
            else Trainer.Run(networks[0].Model, networks[0].Parameters, data, settings, null, source.Token, checkpoints);
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }

        byte[] weights = [.. networks.SelectMany(n => n.Parameters.Values.ToBytes())];
        foreach (TrainedNetwork network in networks) network.Parameters.Dispose();
        return (weights, stopped);
    }

    private static TrainedNetwork Draw(int t1, ulong seed)
    {
        Figure1Network model = new(t1);
        return new(model, ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, seed), seed);
    }
}
