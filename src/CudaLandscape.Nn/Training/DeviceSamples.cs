using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Training;

/// <summary>
/// A data set on the device: images [N,C,H,W] and labels [N]. Images are kept either as Float32 in [0,1], plus noise if asked
/// for, or as the bytes of the file, a quarter of the size and what augmentation works on; batches are Float32 in [0,1] always.
/// </summary>
public sealed class DeviceSamples : IDisposable
{
    // Far from the streams of parameters (0, 1, …), orders (2^40 + epoch) and noise (2^50).
    private const ulong AugmentationStream = 1UL << 41;

    private DeviceSamples(Tensor images, Tensor labels, int classCount)
    {
        Images = images;
        Labels = labels;
        ClassCount = classCount;
    }

    /// <summary>Images [N,C,H,W], Float32 or UInt8.</summary>
    public Tensor Images { get; }

    /// <summary>Labels [N], Int32.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Number of samples.</summary>
    public int Count => (int)Images.Shape[0];

    /// <summary>
    /// Uploads a set: pixel / 255, then + N(0, noise²) on every pixel when <paramref name="noise"/> is given (a standard
    /// deviation, in units of the full pixel range).
    /// </summary>
    public static DeviceSamples Upload(Device device, ImageSet set, double noise = 0, RandomStream stream = default)
    {
        using TensorScope scope = new();
        Tensor images = Fractions(Pixels(device, set));
        if (noise > 0) images += RandomTensor.Normal(device, images.Shape, DType.Float32, stream, 0, noise);
        Tensor labels = LabelsOf(device, set);
        return new DeviceSamples(scope.Keep(images), scope.Keep(labels), set.ClassCount);
    }

    /// <summary>Uploads a set and keeps its pixels as bytes.</summary>
    public static DeviceSamples UploadBytes(Device device, ImageSet set)
    {
        using TensorScope scope = new();
        Tensor images = Pixels(device, set), labels = LabelsOf(device, set);
        return new DeviceSamples(scope.Keep(images), scope.Keep(labels), set.ClassCount);
    }

    /// <summary>
    /// Samples that are on the device already, such as features computed from images: their rows [N,…] and labels [N]. Both are
    /// shared with the caller, whose handles may be released.
    /// </summary>
    /// <exception cref="ArgumentException">There is not one Int32 label per row.</exception>
    public static DeviceSamples Of(Tensor rows, Tensor labels, int classCount)
    {
        if (labels.DType != DType.Int32 || labels.Shape != [rows.Shape[0]])
            throw new ArgumentException($"samples: expects one Int32 label for each of the {rows.Shape[0]} rows, got {labels}.");
        using TensorScope scope = new();
        return new DeviceSamples(scope.Keep(rows.Reshape(rows.Shape)), scope.Keep(labels.Reshape(labels.Shape)), classCount);
    }

    /// <summary>The next images of a mini-batch, in a given order from a cursor on; see <see cref="BatchRows"/>.</summary>
    public Tensor ImageBatch(Tensor order, Tensor cursor, int count) => Fractions(Images.BatchRows(order, cursor, count));

    /// <summary>
    /// As <see cref="ImageBatch"/>, cropped and flipped at random. What happens to a sample depends on (seed, epoch, sample) only;
    /// the epoch, Int32 [1], is read on the device.
    /// </summary>
    /// <exception cref="InvalidOperationException">The images are not kept as bytes.</exception>
    public Tensor AugmentedBatch(Augmentation augmentation, Tensor order, Tensor cursor, Tensor epoch, int count, ulong seed)
    {
        if (Images.DType != DType.UInt8)
            throw new InvalidOperationException($"augmentation: expects images kept as UInt8, got {Images}; use {nameof(UploadBytes)}.");
        RandomStream stream = new(seed, AugmentationStream);
        Tensor crops = order.RandomCrops(cursor, epoch, count, augmentation.Pad, augmentation.Flip, stream);
        return Images.CropFlip(crops, augmentation.Pad);
    }

    /// <summary>Images of samples begin … begin + count - 1; a view where they are kept as Float32.</summary>
    public Tensor ImageRange(int begin, int count) =>
        Fractions(Images.Slab(begin * (Images.ElementCount / Count), Images.Shape.With(0, count), "images"));

    /// <summary>Labels of samples begin … begin + count - 1, as a view.</summary>
    public Tensor LabelRange(int begin, int count) => Labels.Slab(begin, [count], "labels");

    /// <summary>Releases both tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    private static Tensor Pixels(Device device, ImageSet set) =>
        Tensor.From<byte>(device, [set.Count, set.Channels, set.Height, set.Width], set.Pixels, "pixels");

    private static Tensor LabelsOf(Device device, ImageSet set) =>
        Tensor.From<int>(device, [set.Count], Array.ConvertAll(set.Labels, label => (int)label), "labels");

    private static Tensor Fractions(Tensor images) =>
        images.DType == DType.UInt8 ? images.Cast(DType.Float32).Scale(1.0 / 255) : images;
}
