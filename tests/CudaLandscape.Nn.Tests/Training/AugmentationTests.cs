using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Optimizers;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

[Collection("device")]
public sealed class AugmentationTests
{
    private const int Count = 300, Side = 6, Pad = 2;

    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void Bytes_give_the_same_bits_as_images_uploaded_as_floats(string name)
    {
        Device device = TestDevices.Get(name);
        ImageSet set = Tiny.Images(40);
        using DeviceSamples bytes = DeviceSamples.UploadBytes(device, set), floats = DeviceSamples.Upload(device, set);
        using TensorScope scope = new();
        Tensor order = Order(device, [.. Enumerable.Range(0, 40).Reverse()]), cursor = Number(device, 30);
        byte[] expected = floats.ImageBatch(order, cursor, 10).ToBytes();
        Assert.Equal(DType.UInt8, bytes.Images.DType);
        Assert.Equal(expected, bytes.ImageBatch(order, cursor, 10).ToBytes());
        Assert.Equal(expected, bytes.AugmentedBatch(new Augmentation(0, Flip: false), order, cursor, Number(device, 1), 10, 5).ToBytes());
        Assert.Equal(floats.ImageRange(3, 7).ToBytes(), bytes.ImageRange(3, 7).ToBytes());
        Assert.Equal(floats.Batch([4, 9]).Images.ToBytes(), bytes.Batch([4, 9]).Images.ToBytes());
    }

    [Fact]
    public void What_happens_to_a_sample_does_not_depend_on_batch_size_or_order()
    {
        using DeviceSamples samples = DeviceSamples.UploadBytes(TestDevices.Primary, Tiny.Images(Count));
        int[] forward = [.. Enumerable.Range(0, Count)], backward = [.. forward.Reverse()];
        double[][] whole = Epoch(samples, forward, Count, epoch: 3, seed: 1);
        Assert.Equal(whole, Epoch(samples, forward, 7, epoch: 3, seed: 1));
        Assert.Equal(whole, Epoch(samples, backward, 11, epoch: 3, seed: 1).Reverse());
        Assert.True(Alike(whole, Epoch(samples, forward, Count, epoch: 4, seed: 1)) < Count / 10);
        Assert.True(Alike(whole, Epoch(samples, forward, Count, epoch: 3, seed: 2)) < Count / 10);
    }

    // 5 x 5 places and 2 directions: every augmented image is one of 50, and over many epochs each comes up as often.
    [Fact]
    public void Every_crop_and_direction_is_as_likely()
    {
        ImageSet set = new([.. Enumerable.Range(1, Side * Side).Select(i => (byte)i)], [0], 1, Side, Side, 1, "ramp", "none", isReal: false);
        using DeviceSamples samples = DeviceSamples.UploadBytes(TestDevices.Primary, set);
        Dictionary<string, int> seen = [];
        const int draws = 5000;
        for (int epoch = 1; epoch <= draws; epoch++)
        {
            string key = string.Join(' ', Epoch(samples, [0], 1, epoch, seed: 9)[0]);
            seen[key] = seen.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(50, seen.Count);
        Assert.All(seen.Values, n => Assert.InRange(n, 100 - 5 * 10, 100 + 5 * 10));
        Assert.Contains(string.Join(' ', Enumerable.Range(1, Side * Side).Select(i => (double)((float)i * (float)(1.0 / 255)))), seen.Keys);
    }

    [SkippableTheory, MemberData(nameof(TestDevices.Names), MemberType = typeof(TestDevices))]
    public void Recorded_and_plain_training_give_the_same_bits_epoch_after_epoch(string name)
    {
        byte[] plain = Train(TestDevices.Get(name), captured: false);
        Assert.Equal(plain, Train(TestDevices.Get(name), captured: true));
        Assert.Equal(plain, Train(TestDevices.Primary, captured: false));
        Assert.NotEqual(plain, Train(TestDevices.Primary, captured: false, augmented: false));
    }

    [Fact]
    public void Images_kept_as_floats_are_not_augmented_in_silence()
    {
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, Tiny.Images(5));
        using TensorScope scope = new();
        Device device = TestDevices.Primary;
        var error = Assert.Throws<InvalidOperationException>(() =>
            samples.AugmentedBatch(new Augmentation(), Order(device, [0]), Number(device, 0), Number(device, 1), 1, 1));
        Assert.Contains("UploadBytes", error.Message);
    }

    private static double[][] Epoch(DeviceSamples samples, int[] order, int batch, int epoch, ulong seed)
    {
        using TensorScope scope = new();
        Device device = samples.Images.Device;
        Tensor orderTensor = Order(device, order), cursor = Number(device, 0), epochTensor = Number(device, epoch);
        List<double[]> images = [];
        for (int begin = 0; begin < order.Length; begin += batch)
        {
            int count = Math.Min(batch, order.Length - begin);
            Tensor y = samples.AugmentedBatch(new Augmentation(Pad), orderTensor, cursor, epochTensor, count, seed);
            images.AddRange(HostArray.Read(y).Chunk((int)(y.ElementCount / count)));
            cursor.Advance(count);
        }

        return [.. images];
    }

    private static int Alike(double[][] a, double[][] b) => a.Zip(b).Count(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private static byte[] Train(Device device, bool captured, bool augmented = true)
    {
        using DeviceSamples samples = DeviceSamples.UploadBytes(device, Tiny.Images(50));
        Tiny model = new();
        using ParameterSlab slab = model.Draw(device);
        SgdSettings sgd = new(LearningRate.TenthAtHalfAndThreeQuarters(0.1, 4 * 7), 0.9, Nesterov: true);
        Trainer.Run(model, slab, samples, new TrainingSettings(
            4, 8, sgd, Captured: captured, Augmentation: augmented ? new Augmentation(Pad) : null));
        return slab.Values.ToBytes();
    }

    private static Tensor Order(Device device, int[] order) => Tensor.From<int>(device, [order.Length], order);

    private static Tensor Number(Device device, int value) => Tensor.From<int>(device, [1], [value]);
}
