using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Tests.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>
/// A network with skip connections, trained as in ICLR'19, that dies without a word between a step and its checkpoint: what it
/// computed after the last checkpoint is lost, and the next process ends with the bits of one that never died.
/// </summary>
[Collection("device")]
public sealed class KilledSkipTrainingTests : IDisposable
{
    private const int Samples = 20, Batch = 4, Epochs = 3, Steps = Epochs * Samples / Batch, Kills = 20;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Killed_at_20_random_points_it_ends_with_the_same_bits(bool captured)
    {
        byte[] whole = Train(Folder("whole"), captured);
        System.Random random = new(17);
        for (int kill = 0; kill < Kills; kill++)
        {
            CheckpointFolder folder = Folder($"{kill}");
            int save = random.Next(1, 2 + Steps);
            Assert.Throws<KilledException>(() => Train(folder, captured, save));
            Assert.True(whole.AsSpan().SequenceEqual(Train(folder, captured)), $"killed at save {save}: other bits");
        }
    }

    // Every other process loses its only step.
    [Fact]
    public void Killed_20_times_in_a_row_it_ends_with_the_same_bits()
    {
        byte[] whole = Train(Folder("whole"), captured: true);
        CheckpointFolder folder = Folder("row");
        for (int kill = 0; kill < Kills; kill++) Assert.Throws<KilledException>(() => Train(folder, captured: true, diesAtSave: 1 + kill % 2));
        Assert.Equal(new TrainingCursor(2, 4 * Batch), folder.Load()!.Cursor);
        Assert.True(whole.AsSpan().SequenceEqual(Train(folder, captured: true)), "other bits");
    }

    private CheckpointFolder Folder(string name) =>
        new(Path.Combine(_folder.Root, name), new Dictionary<string, string>(), line => Assert.Fail(line));

    // The weights at the end. It saves its start and after every step, and dies when it is about to write the checkpoint of a number.
    private static byte[] Train(CheckpointFolder folder, bool captured, int? diesAtSave = null)
    {
        int saves = 0;
        using SkipNetwork model = Network();
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float32, Initializer.Parse("he_normal"), 4);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(Samples));
        TrainingSettings settings = new(
            Epochs, Batch, new SgdSettings(LearningRate.TenthAtHalfAndThreeQuarters(0.1, Steps), 0.9, Nesterov: true), Seed: 5,
            Captured: captured, Objective: Objective.CrossEntropy);
        Trainer.Run(model, slab, samples, settings, null, default, new TrainingCheckpoints(folder, TimeSpan.Zero)
        {
            FlushMetrics = () => ++saves == diesAtSave ? throw new KilledException() : 0,
        });
        return [.. slab.State.SelectMany(s => s.Value.ToBytes())];
    }

    private static SkipNetwork Network()
    {
        GraphBuilder g = new([1, Tiny.Side, Tiny.Side]);
        Node conv = g.Add("conv", new Conv2d(g.Input.Shape, filters: 2, kernel: 3, pad: 1), g.Input);
        Node hidden = g.Add("sigmoid", Activation.Sigmoid, conv);
        Node rows = g.Add("rows", new Flatten(), g.Add("pool", new MaxPool2d(2), hidden));
        GraphModel basis = g.Build(g.Add("classifier", new Linear(18, Tiny.Classes), rows));
        SkipNetwork network = new(basis, NeuronPool.OfActivations(basis), Samples, seed: 3);
        network.Upload(TestDevices.Primary);
        return network;
    }

    private sealed class KilledException : Exception;
}
