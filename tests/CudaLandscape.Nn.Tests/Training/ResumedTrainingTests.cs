using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>Training that was stopped and taken up ends with the bits of one that was not.</summary>
[Collection("device")]
public sealed class ResumedTrainingTests : IDisposable
{
    private const int Samples = 20, Batch = 8, Epochs = 3, Steps = 9;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("primary", false)]
    [InlineData("primary", true)]
    [InlineData("check", false)]
    [InlineData("check", true)]
    public void Stopped_after_any_step_it_ends_with_the_same_bits_and_losses(string name, bool captured)
    {
        Device device = TestDevices.Get(name);
        Outcome whole = Train(device, captured, null, stopAfter: int.MaxValue);
        Assert.Equal(Epochs, whole.Losses.Count);
        for (int k = 0; k < Steps; k++)
        {
            CheckpointFolder folder = Folder($"{name}-{captured}-{k}");
            Outcome first = Train(device, captured, folder, stopAfter: k);
            Assert.True(first.Stopped);
            Outcome second = Train(device, captured, folder, stopAfter: int.MaxValue);
            Assert.False(second.Stopped);
            Assert.Equal(whole.Losses, first.Losses.Concat(second.Losses));
            Assert.True(whole.Weights.AsSpan().SequenceEqual(second.Weights), $"stopped after step {k}: the weights differ in their bits");
        }
    }

    [Fact]
    public void Stopped_after_every_step_it_ends_with_the_same_bits_and_losses()
    {
        Outcome whole = Train(TestDevices.Primary, false, null, stopAfter: int.MaxValue);
        CheckpointFolder folder = Folder("every");
        List<double> losses = [];
        Outcome part;
        do
        {
            part = Train(TestDevices.Primary, false, folder, stopAfter: 1);
            losses.AddRange(part.Losses);
        }
        while (part.Stopped);
        Assert.Equal(whole.Losses, losses);
        Assert.Equal(whole.Weights, part.Weights);
    }

    [Fact]
    public void Training_that_is_done_is_not_repeated()
    {
        CheckpointFolder folder = Folder("done");
        Outcome first = Train(TestDevices.Primary, false, folder, stopAfter: int.MaxValue);
        Outcome second = Train(TestDevices.Primary, false, folder, stopAfter: int.MaxValue);
        Assert.Equal((Epochs, 0), (first.Losses.Count, second.Losses.Count));
        Assert.Equal(first.Weights, second.Weights);
        Assert.Equal(new TrainingCursor(Epochs + 1, 0), folder.Load()!.Cursor);
    }

    [Fact]
    public void Saving_after_every_step_changes_no_bit()
    {
        Outcome without = Train(TestDevices.Primary, false, null, stopAfter: int.MaxValue);
        Outcome with = Train(TestDevices.Primary, false, Folder("often"), stopAfter: int.MaxValue);
        Assert.Equal(without.Losses, with.Losses);
        Assert.Equal(without.Weights, with.Weights);
    }

    [Fact]
    public void Running_statistics_are_part_of_it()
    {
        Outcome whole = TrainNormalised(null, int.MaxValue);
        CheckpointFolder folder = Folder("statistics");
        Assert.True(TrainNormalised(folder, stopAfter: 4).Stopped);
        Assert.Contains("bn.running_var", folder.Load()!.Tensors.Select(t => t.Name));
        Assert.Equal(whole.Weights, TrainNormalised(folder, int.MaxValue).Weights);
    }

    [Fact]
    public void A_checkpoint_holds_every_parameter_under_its_name_and_the_optimizer_s_moments()
    {
        CheckpointFolder folder = Folder("names");
        Train(TestDevices.Primary, false, folder, stopAfter: 2);
        string[] parameters = ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"];
        string[] expected =
        [
            .. parameters, "optimizer.learning_rate", "optimizer.adam", .. parameters.Select(p => $"optimizer.m.{p}"),
            .. parameters.Select(p => $"optimizer.v.{p}"), "training.loss_sum",
        ];
        Checkpoint checkpoint = folder.Load()!;
        Assert.Equal(expected, checkpoint.Tensors.Select(t => t.Name));
        Assert.Equal([Tiny.Hidden, Tiny.Side * Tiny.Side], checkpoint.Tensors[0].Shape);
        Assert.Equal(new TrainingCursor(1, 2 * Batch), checkpoint.Cursor);
        Assert.DoesNotContain(checkpoint.Tensors, t => t.Bytes.All(b => b == 0));
    }

    [Fact]
    public void A_checkpoint_of_another_optimizer_or_network_names_the_first_tensor_that_does_not_fit()
    {
        CheckpointFolder folder = Folder("fit");
        Train(TestDevices.Primary, false, folder, stopAfter: 2);
        Checkpoint checkpoint = folder.Load()!;
        using TensorScope scope = new();
        Tensor three = Tensor.Zeros(TestDevices.Primary, [3], DType.Float32);
        Assert.Contains("no tensor momentum [3] F32", Refused(checkpoint, new StateTensor("momentum", three)));
        Assert.Contains("the tensor fc1.bias [8] F32 for fc1.bias [3] F32", Refused(checkpoint, new StateTensor("fc1.bias", three)));
        Tensor eight = Tensor.Zeros(TestDevices.Primary, [Tiny.Hidden], DType.Float32);
        Assert.Contains("too many", Refused(checkpoint, new StateTensor("fc1.bias", eight)));
        Assert.All(eight.ToArray<float>(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_value_that_is_not_finite_stops_it_names_step_and_layer_and_keeps_the_last_good_checkpoint(bool captured)
    {
        CheckpointFolder folder = Folder($"nan-{captured}");
        Device device = TestDevices.Primary;
        Sequential model = new([1, Tiny.Side, Tiny.Side], ("flatten", new Flatten()), ("fc1", new Linear(36, 8)), ("fc2", new Linear(8, 3)));
        using ParameterSlab slab = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 4);
        using DeviceSamples samples = DeviceSamples.Upload(device, Tiny.Images(Samples));
        TrainingSettings settings = new(Epochs, Batch, new AdamSettings(Rate: 1e30), Captured: captured);
        var error = Assert.Throws<NonFiniteLossException>(() => Trainer.Run(
            model, slab, samples, settings, null, default, new TrainingCheckpoints(folder, TimeSpan.Zero)));
        Assert.Equal(2, error.Step);
        Assert.Matches("^Training step 2 \\(epoch 1, from sample 8 on\\) .* in layer fc2: ", error.Message);
        Assert.Null(folder.Load()!.FirstNonFinite());
        Assert.Equal(new TrainingCursor(1, Batch), folder.Load()!.Cursor);
    }

    private static string Refused(Checkpoint checkpoint, StateTensor state) =>
        Assert.Throws<ArgumentException>(() => checkpoint.Restore([state])).Message;

    private CheckpointFolder Folder(string name) =>
        new(Path.Combine(_folder.Root, name), new Dictionary<string, string> { ["rate"] = "0.02" }, line => Assert.Fail(line));

    private static Outcome Train(Device device, bool captured, CheckpointFolder? folder, int stopAfter)
    {
        Tiny model = new();
        using ParameterSlab slab = model.Draw(device);
        return Train(model, slab, captured, folder, stopAfter);
    }

    private static Outcome TrainNormalised(CheckpointFolder? folder, int stopAfter)
    {
        Sequential model = new(
            [1, Tiny.Side, Tiny.Side], ("flatten", new Flatten()), ("fc1", new Linear(36, 8)), ("bn", new BatchNorm2d(8)), ("fc2", new Linear(8, 3)));
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 4);
        return Train(model, slab, false, folder, stopAfter);
    }

    // It saves after every step, and a new training at its start; the save after a number of steps cancels it.
    private static Outcome Train(Module model, ParameterSlab slab, bool captured, CheckpointFolder? folder, int stopAfter)
    {
        using CancellationTokenSource source = new();
        using DeviceSamples samples = DeviceSamples.Upload(slab.Values.Device, Tiny.Images(Samples));
        TrainingSettings settings = new(Epochs, Batch, new AdamSettings(LearningRate.InverseTime(0.02, 0.01)), Seed: 5, Captured: captured);
        List<double> losses = [];
        int saves = folder?.Load() is null ? -1 : 0;
        TrainingCheckpoints? checkpoints = folder is null ? null : new(folder, TimeSpan.Zero)
        {
            FlushMetrics = () =>
            {
                if (++saves == stopAfter) source.Cancel();
                return 0;
            },
        };
        bool stopped = false;
        try
        {
            Trainer.Run(model, slab, samples, settings, r => losses.Add(r.Loss), source.Token, checkpoints);
        }
        catch (OperationCanceledException)
        {
            stopped = true;
        }

        return new Outcome([.. slab.State.SelectMany(s => s.Value.ToBytes())], losses, stopped);
    }

    private sealed record Outcome(byte[] Weights, List<double> Losses, bool Stopped);
}
