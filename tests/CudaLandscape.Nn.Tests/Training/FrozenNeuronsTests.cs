using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>Training of V alone, with the neurons computed once and computed anew for every batch.</summary>
[Collection("device")]
public sealed class FrozenNeuronsTests : IDisposable
{
    private const int Drawn = 30;
    private static readonly SgdSettings s_sgd = new(0.05, 0.9, Nesterov: true);
    private readonly DeviceSamples _samples = DeviceSamples.UploadBytes(TestDevices.Primary, ProceduralShapes.Generate(320, 1));
    private readonly SkipNetwork _network;
    private readonly ParameterSlab _slab;

    public FrozenNeuronsTests()
    {
        DenseNet basis = new(Activation.Sigmoid, growth: 1, blocks: [1, 1]);
        _network = new SkipNetwork(basis, basis.FirstBlock, Drawn, 4);
        _network.Upload(TestDevices.Primary);
        _slab = ParameterSlab.Initialize(_network, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 4);
    }

    public void Dispose()
    {
        _slab.Dispose();
        _network.Dispose();
        _samples.Dispose();
    }

    [Fact]
    public void Rows_computed_once_are_those_of_every_sample()
    {
        FrozenNeurons neurons = new(_network);
        using DeviceSamples rows = neurons.Compute(_samples);
        Assert.Equal([320L * Drawn * 4, rows.Images.Bytes], [neurons.Bytes(320), neurons.Bytes(320)]);
        float[] all = rows.Images.ToArray<float>();
        foreach (int n in (int[])[0, 249, 250, 319])
        {
            using TensorScope scope = new();
            float[] one = neurons.Of(_samples.ImageRange(n, 1)).ToArray<float>();
            Close.ToScale([.. one.Select(v => (double)v)], [.. all[(n * Drawn)..((n + 1) * Drawn)].Select(v => (double)v)], 1e-5, 1, $"sample {n}");
        }
    }

    [Fact]
    public void Streamed_and_stored_neurons_train_the_same_V_and_leave_U_alone()
    {
        FrozenNeurons neurons = new(_network);
        byte[] before = _slab.Values.ToBytes();
        using DeviceSamples rows = neurons.Compute(_samples);
        double[] stored = Train(readout => readout, rows), streamed = Train(neurons.Stream, _samples);
        Close.ToScale(stored, streamed, 1e-4, 0.1, "V and b");
        Assert.Contains(stored, v => Math.Abs(v) > 1e-3);
        Assert.Equal(before, _slab.Values.ToBytes());
    }

    private static double[] Train(Func<Linear, Module> model, DeviceSamples samples)
    {
        Linear readout = new("readout", Drawn, 10);
        using ParameterSlab slab = ParameterSlab.Initialize(readout, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 9);
        double[] losses = new double[3];
        TrainingSettings settings = new(3, 32, s_sgd, Captured: true, Objective: Objective.CrossEntropy);
        Trainer.Run(model(readout), slab, samples, settings, r => losses[r.Epoch - 1] = r.Loss);
        Assert.True(losses[2] < losses[0], $"the loss went from {losses[0]} to {losses[2]}");
        return [.. losses, .. slab.Tensors.SelectMany(HostArray.Read)];
    }
}
