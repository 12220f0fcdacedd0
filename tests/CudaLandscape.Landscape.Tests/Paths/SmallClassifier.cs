using CudaLandscape.Landscape.Paths;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Paths;

/// <summary>A classifier of digits in 7 x 7 pixels with one hidden layer of 16 units, with batch normalisation or without.</summary>
internal sealed class SmallClassifier : IDisposable
{
    public const int Hidden = 16;

    public SmallClassifier(bool normalised, ulong seed = 1)
    {
        (string, Module)[] head = [("pool", new AvgPool2d(4)), ("flat", new Flatten()), ("fc1", new Linear(49, Hidden))];
        (string, Module)[] tail = [("relu", Activation.Relu), ("fc2", new Linear(Hidden, 10))];
        Model = new Sequential([1, 28, 28], normalised ? [.. head, ("bn", new BatchNorm2d(Hidden)), .. tail] : [.. head, .. tail]);
        Parameters = ParameterSlab.Initialize(Model, TestDevices.Primary, DType.Float32, Initializer.Parse("he_normal"), seed);
        Samples = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(100, 1));
    }

    public Sequential Model { get; }

    public ParameterSlab Parameters { get; }

    public DeviceSamples Samples { get; }

    public ModelLoss Loss => new(Model, Parameters, Samples);

    public void Train(int epochs, ulong seed = 1) => Trainer.Run(
        Model, Parameters, Samples, new TrainingSettings(epochs, 25, new SgdSettings(0.1, 0.9), Seed: seed, Objective: Objective.CrossEntropy));

    /// <summary>The same function by other parameters: hidden unit i takes the place of hidden unit i + 1.</summary>
    public Tensor WithHiddenUnitsMovedOn()
    {
        using TensorScope scope = new();
        Tensor moved = Parameters.Values.Scale(1);
        Tensor[] parts = Parameters.Split(moved);
        int[] order = [Hidden - 1, .. Enumerable.Range(0, Hidden - 1)];
        for (int p = 0; p < parts.Length; p++)
        {
            bool last = Parameters.Parameters[p].Name.StartsWith("fc2", StringComparison.Ordinal);
            if (last && parts[p].Shape.Rank == 1) continue;
            float[] values = parts[p].ToArray<float>();
            int columns = values.Length / (last ? 10 : Hidden);
            float[] changed = last
                ? [.. Enumerable.Range(0, 10).SelectMany(row => order.Select(i => values[row * columns + i]))]
                : [.. order.SelectMany(i => values[(i * columns)..((i + 1) * columns)])];
            parts[p].CopyFrom(Tensor.From<float>(moved.Device, parts[p].Shape, changed));
        }

        return scope.Return(moved);
    }

    public void Dispose()
    {
        Samples.Dispose();
        Parameters.Dispose();
    }
}
