using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>A recorded step: the same bits as the plain one, and the refusals of a GPU.</summary>
[Collection("device")]
public sealed class CapturedTrainingTests
{
    [SkippableTheory]
    [InlineData("primary", 100, 32)]
    [InlineData("primary", 96, 32)]
    [InlineData("primary", 20, 32)]
    [InlineData("check", 20, 8)]
    public void Epochs_replayed_give_the_bits_of_the_plain_ones(string device, int samples, int batch)
    {
        (byte[] plain, double[] plainLosses) = Train(TestDevices.Get(device), samples, batch, captured: false);
        (byte[] replayed, double[] losses) = Train(TestDevices.Get(device), samples, batch, captured: true);
        Assert.Equal(plainLosses, losses);
        Assert.True(plain.AsSpan().SequenceEqual(replayed), "the weights differ in their bits");
    }

    [SkippableFact]
    public void Fifty_shuffled_schedules_give_one_result()
    {
        (byte[] weights, double[] losses) = Train(TestDevices.Primary, 6, 3, captured: false);
        for (ulong seed = 0; seed < 50; seed++)
        {
            Device check = TestDevices.Check;
            Softcuda.Seed(seed);
            (byte[] shuffled, double[] shuffledLosses) = Train(check, 6, 3, captured: false);
            Assert.Equal(losses, shuffledLosses);
            Assert.True(weights.AsSpan().SequenceEqual(shuffled), $"seed {seed}: the weights differ in their bits");
        }
    }

    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void Reading_a_result_inside_a_step_is_refused_and_the_device_goes_on(string name)
    {
        Device device = TestDevices.Get(name);
        long before = device.UsedBytes;
        using (TensorScope scope = new())
        {
            Tensor x = Tensor.Full(device, [3], DType.Float32, 2);
            bool warm = false;
            Assert.Throws<CudaException>(() => CapturedStep.Record(device, () =>
            {
                using TensorScope inner = new();
                Tensor sum = x.Sum();
                if (warm) sum.Item();
                warm = true;
            }));
            Assert.Equal(6, x.Sum().Item());
        }

        Assert.Equal(before, device.UsedBytes);
    }

    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void A_replay_sees_the_present_contents_of_device_memory(string name)
    {
        Device device = TestDevices.Get(name);
        using TensorScope scope = new();
        Tensor x = Tensor.Full(device, [1000], DType.Float64, 1), sum = Tensor.Zeros(device, Shape.Scalar, DType.Float64);
        using CapturedStep step = CapturedStep.Record(device, () =>
        {
            using TensorScope inner = new();
            sum.CopyFrom(x.Scale(2).Sum());
            x.CopyFrom(x.Scale(1, 1));
        });
        Assert.Equal(2000, sum.Item());
        for (int i = 2; i < 6; i++)
        {
            Tensor other = Tensor.Full(device, [1000], DType.Float64, 77); // must not land in the step's memory
            step.Replay();
            Assert.Equal(2000.0 * i, sum.Item());
            Assert.Equal(77, other.ToArray<double>()[999]);
        }
    }

    // As the finalizer's thread does with memory that nobody released.
    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void Memory_taken_and_freed_by_another_thread_does_not_break_a_recording(string name)
    {
        Device device = TestDevices.Get(name);
        using TensorScope scope = new();
        Tensor x = Tensor.Full(device, [5], DType.Float64, 1);
        using CapturedStep step = CapturedStep.Record(device, () =>
        {
            using TensorScope inner = new();
            Exception? failure = null;
            Thread other = new(() => failure = Record.Exception(() => DeviceMemory.Allocate(device.Context, 64).Dispose()));
            other.Start();
            other.Join();
            Assert.Null(failure);
            x.CopyFrom(x.Scale(2));
        });
        step.Replay();
        Assert.Equal([4, 4, 4, 4, 4], x.ToArray<double>());
    }

    private static (byte[] Weights, double[] Losses) Train(Device device, int samples, int batch, bool captured)
    {
        long before = device.UsedBytes;
        List<double> losses = [];
        byte[] weights;
        using (DeviceSamples data = DeviceSamples.Upload(device, ProceduralDigits.Generate(samples, 3)))
        {
            Figure1Network model = new(1);
            using ParameterSlab parameters = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 4);
            TrainingSettings settings = new(2, batch, new AdamSettings(LearningRate.InverseTime(1e-2, 1e-3)), Seed: 5, Captured: captured);
            Trainer.Run(model, parameters, data, settings, report => losses.Add(report.Loss));
            weights = parameters.Values.ToBytes();
        }

        Assert.Equal(before, device.UsedBytes);
        return (weights, [.. losses]);
    }
}
