using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Training;

/// <summary>A data set on the device: images [N,C,H,W] in [0,1], float32, plus noise if asked for, and labels [N].</summary>
public sealed class DeviceSamples : IDisposable
{
    private DeviceSamples(Tensor images, Tensor labels, int classCount)
    {
        Images = images;
        Labels = labels;
        ClassCount = classCount;
    }

    /// <summary>Images [N,C,H,W].</summary>
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
        Shape shape = [set.Count, set.Channels, set.Height, set.Width];
        Tensor images = Tensor.From<byte>(device, shape, set.Pixels, "pixels").Cast(DType.Float32).Scale(1.0 / 255);
        if (noise > 0) images += RandomTensor.Normal(device, shape, DType.Float32, stream, 0, noise);
        Tensor labels = Tensor.From<int>(device, [set.Count], Array.ConvertAll(set.Labels, label => (int)label), "labels");
        return new DeviceSamples(scope.Keep(images), scope.Keep(labels), set.ClassCount);
    }

    /// <summary>Images of samples begin … begin + count - 1, as a view.</summary>
    public Tensor ImageRange(int begin, int count) =>
        Images.Slab(begin * (Images.ElementCount / Count), Images.Shape.With(0, count), "images");

    /// <summary>Labels of samples begin … begin + count - 1, as a view.</summary>
    public Tensor LabelRange(int begin, int count) => Labels.Slab(begin, [count], "labels");

    /// <summary>Releases both tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
