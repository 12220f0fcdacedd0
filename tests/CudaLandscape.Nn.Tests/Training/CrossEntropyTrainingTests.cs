using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

[Collection("device")]
public sealed class CrossEntropyTrainingTests
{
    private static readonly SgdSettings s_sgd = new(0.5, 0.9, Nesterov: true);

    [Fact]
    public void Evaluation_is_the_mean_over_samples_and_counts_errors()
    {
        ImageSet set = Tiny.Images(1007, seed: 8);
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary, DType.Float64);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        double[][] outputs = new TinyLoops(Tiny.Read(slab), HostArray.Read(samples.Images), set.Labels).Outputs();
        ClassificationEvaluation evaluation = ClassificationEvaluation.Of(model, samples);
        Assert.Equal(Mean(outputs, set.Labels), evaluation.CrossEntropy, 1e-12);
        int errors = outputs.Where((o, n) => Array.IndexOf(o, o.Max()) != set.Labels[n]).Count();
        Assert.Equal((errors, 1007, 100.0 * (1007 - errors) / 1007), (evaluation.Errors, evaluation.Samples, evaluation.Accuracy));
    }

    // A step of full-batch gradient descent lowers every weight by rate times its slope.
    [Fact]
    public void A_step_goes_down_the_gradient_of_the_mean_cross_entropy()
    {
        ImageSet set = Tiny.Images(40);
        Tiny model = new();
        using ParameterSlab slab = model.Draw(TestDevices.Primary, DType.Float64);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, set);
        double[] pixels = HostArray.Read(samples.Images);
        double[][] before = Tiny.Read(slab);
        double reported = 0;
        TrainingSettings settings = new(1, 40, new SgdSettings(0.25), Objective: Objective.CrossEntropy);
        Trainer.Run(model, slab, samples, settings, r => reported = r.Loss);
        double[][] after = Tiny.Read(slab);
        Assert.Equal(Loss(before), reported, 1e-12);
        for (int p = 0; p < before.Length; p++)
        {
            double[] slopes = [.. before[p].Select((_, i) => FiniteDifferences.Richardson(h => [Loss(Moved(p, i, h))], 1e-3))];
            Close.ToScale(slopes, [.. before[p].Zip(after[p], (b, a) => (b - a) / 0.25)], 1e-8, 1e-2, model.Parameters[p].Name);
        }

        double Loss(double[][] p) => Mean(new TinyLoops(p, pixels, set.Labels).Outputs(), set.Labels);

        double[][] Moved(int p, int i, double h) =>
            [.. before.Select((v, q) => v.Select((value, j) => p == q && i == j ? value + h : value).ToArray())];
    }

    [Fact]
    public void A_recorded_step_has_the_bits_of_a_plain_one()
    {
        TrainingSettings settings = new(3, 16, s_sgd, Objective: Objective.CrossEntropy);
        byte[] plain = TrainerTests.Train(Tiny.Images(50), settings);
        Assert.Equal(plain, TrainerTests.Train(Tiny.Images(50), settings with { Captured = true }));
        Assert.NotEqual(plain, TrainerTests.Train(Tiny.Images(50), settings with { Objective = Objective.SquaredLoss }));
    }

    [Fact]
    public void The_fused_step_refuses_it()
    {
        Figure1Network model = new(1);
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, DType.Float32, Initializer.GlorotUniform, 1);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(20, 1));
        TrainingSettings settings = new(1, 10, s_sgd, Fused: true, Objective: Objective.CrossEntropy);
        Assert.Contains(
            "use the captured step for the cross-entropy",
            Assert.Throws<NotSupportedException>(() => Trainer.Run(model, slab, samples, settings)).Message);
    }

    private static double Mean(double[][] outputs, byte[] labels) => outputs.Select((o, n) =>
    {
        double most = o.Max();
        return most + Math.Log(o.Sum(v => Math.Exp(v - most))) - o[labels[n]];
    }).Average();
}
