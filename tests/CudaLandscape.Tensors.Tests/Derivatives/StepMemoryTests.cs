using CudaLandscape.Interop;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests.Derivatives;

/// <summary>A training step needs the same memory every time, and a closed device none.</summary>
[Collection("device")]
public sealed class StepMemoryTests
{
    [SkippableTheory]
    [InlineData("primary", false)]
    [InlineData("primary", true)]
    [InlineData("check", false)]
    public void Memory_of_a_training_step_is_flat_after_the_first(string name, bool secondOrder)
    {
        Device device = TestDevices.Get(name);
        device.TrimCache();
        using TensorScope scope = new();
        Tensor[] weights = [Put(device, [6, 1, 3, 3], 21), Put(device, [5, 6 * 13 * 13], 22)];
        Tensor images = Put(device, [8, 1, 28, 28], 23), targets = Put(device, [8, 5], 24);
        Step(weights, images, targets, secondOrder);
        (long used, long cached) = (device.UsedBytes, device.CachedBytes);
        long peak = device.PeakBytes;
        for (int step = 2; step <= 51; step++)
        {
            Step(weights, images, targets, secondOrder);
            Assert.Equal((step, used, cached), (step, device.UsedBytes, device.CachedBytes));
        }

        Assert.Equal(peak, device.PeakBytes);
        Assert.Equal(name != "check" && MemoryCache.FromEnvironment(), cached > 0);
    }

    [Fact]
    public void A_closed_device_holds_no_byte()
    {
        IReadOnlyDictionary<string, int> before = LiveHandles.ByKind;
        using (Device device = Device.Open(DeviceId.Default))
        {
            using (TensorScope scope = new())
            {
                Step([Put(device, [6, 1, 3, 3], 21), Put(device, [5, 6 * 13 * 13], 22)],
                    Put(device, [8, 1, 28, 28], 23), Put(device, [8, 5], 24), secondOrder: false);
                Assert.NotEqual(0, device.UsedBytes);
            }

            Assert.Equal(0, device.UsedBytes);
            device.TrimCache();
            Assert.Equal(0, device.CachedBytes);
            Step2(device);
        }

        Assert.Equal(before, LiveHandles.ByKind);

        static void Step2(Device device)
        {
            using TensorScope scope = new();
            Put(device, [100], 25).Sigmoid();
        }
    }

    // Convolution, pooling, a linear layer, the squared loss, and a gradient (and H g) step.
    private static void Step(Tensor[] weights, Tensor images, Tensor targets, bool secondOrder)
    {
        using TensorScope scope = new();
        Tensor[] leaves = Array.ConvertAll(weights, w => w.Detach().RequireGradient());
        Tensor hidden = images.Conv2d(leaves[0]).Sigmoid().MaxPool2d(2).Reshape([8, 6 * 13 * 13]);
        Tensor loss = hidden.MatMul(leaves[1], transposeB: true).SquaredLoss(targets, LossNormalization.PerSample);
        Tensor[] direction = Gradient.Of(loss, leaves);
        if (secondOrder) direction = Gradient.HessianVectorProduct(loss, leaves, direction);
        for (int i = 0; i < weights.Length; i++) weights[i].CopyFrom(weights[i] - direction[i].Scale(1e-3));
    }

    private static Tensor Put(Device device, Shape shape, int seed) => TestData.Spread(shape, seed).ToTensor(device, DType.Float32);
}
