using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>Every barrier of the fused step is needed, and dropping it changes the weights.</summary>
[Collection("device")]
public sealed class FusedBarrierTests
{
    // More networks than the check device holds blocks, so that a block has more than one piece of work.
    private const int Networks = 6;

    [SkippableTheory]
    [InlineData("figure1_gradient_f32", DType.Float32)]
    [InlineData("figure1_gradient_f64", DType.Float64)]
    public void Dropping_any_barrier_changes_the_weights(string kernel, DType type)
    {
        Device device = TestDevices.Check;
        Assert.True(device.ResidentBlocks(long.MaxValue, 512) < Networks, "some block must have two pieces of work");
        byte[] expected = Train(device, type);
        int barriers = Softcuda.BarrierCount(kernel);
        Assert.NotEqual(0, barriers);
        Assert.All(Enumerable.Range(1, barriers), n => Assert.True(IsSeen(kernel, n, device, type, expected), $"barrier {n}"));
    }

    private static bool IsSeen(string kernel, int number, Device device, DType type, byte[] expected)
    {
        using Softcuda.Switch dropped = Softcuda.DropBarrier(kernel, number);
        return Enumerable.Range(1, 8).Any(seed =>
        {
            Softcuda.Seed((ulong)seed);
            try
            {
                return !Train(device, type).AsSpan().SequenceEqual(expected);
            }
            catch (NonFiniteLossException)
            {
                return true; // shared memory that nobody has written holds NaN
            }
        });
    }

    // One step on two images.
    private static byte[] Train(Device device, DType type)
    {
        using DeviceSamples samples = DeviceSamples.Upload(device, ProceduralDigits.Generate(2, 3));
        TrainedNetwork[] networks = [.. Enumerable.Range(0, Networks).Select(n => Draw(1 + n % 2, device, type, (ulong)n))];
        try
        {
            Trainer.RunTogether(networks, samples, new TrainingSettings(1, 2, new SgdSettings(1, Momentum: 0), Fused: true));
            return [.. networks.SelectMany(network => network.Parameters.Values.ToBytes())];
        }
        finally
        {
            foreach (TrainedNetwork network in networks) network.Parameters.Dispose();
        }
    }

    private static TrainedNetwork Draw(int t1, Device device, DType type, ulong seed)
    {
        Figure1Network model = new(t1);
        return new(model, ParameterSlab.Initialize(model, device, type, Initializer.GlorotUniform, seed), seed);
    }
}
