using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Ops;

/// <summary>
/// Crops of padded images, flipped or not: y[i,c,h,w] = x[s, c, h + dy - pad, w' + dx - pad] / 255, 0 outside the image, where
/// {s, dy, dx, flip} = crops[i] and w' = W - 1 - w with flip, else w; x UInt8 [N,C,H,W], crops Int32 [M,4], y [M,C,H,W] of a
/// float type. dy = dx = pad without flip is the image itself. A sample s outside x gives NaN. No gradient flows.
/// </summary>
public sealed class CropFlip(int pad, DType type) : Op
{
    /// <inheritdoc/>
    public override string Name => "crop_flip";

    /// <inheritdoc/>
    protected internal override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Tensor[] x)
    {
        (Tensor images, Tensor crops) = (x[0], x[1]);
        OpChecks.RequireType(Name, images, DType.UInt8);
        OpChecks.RequireType(Name, crops, DType.Int32);
        OpChecks.RequireRank(Name, images, 4, "[N,C,H,W]");
        if (crops.Shape.Rank != 2 || crops.Shape[1] != 4 || pad < 0 || !type.IsFloat())
            throw new ArgumentException($"{Name}: expects crops [M,4], a pad of 0 or more and a float type, got {crops}, pad {pad} and {type}.");
        Shape s = images.Shape;
        Tensor y = Tensor.Empty(images.Device, s.With(0, crops.Shape[0]), type, Name);
        Size size = new() { Samples = s[0], Channels = s[1], Height = s[2], Width = s[3], Count = crops.Shape[0], Pad = pad };
        if (y.ElementCount > 0) y.Device.Launch("augment_crop_flip", type, y.ElementCount, size, images, crops, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Tensor?[] Vjp(in Backward b) => [null, null];

    // The kernel's CropSize.
    private struct Size
    {
        public long Samples, Channels, Height, Width, Count, Pad;
    }
}

public static partial class TensorOps
{
    /// <summary>Crops of padded UInt8 images as fractions of 255; crops [M,4] as <see cref="Ops.RandomCrops"/> makes them.</summary>
    /// <exception cref="ArgumentException">Shapes, types or the pad do not fit.</exception>
    public static Tensor CropFlip(this Tensor images, Tensor crops, int pad, DType type = DType.Float32) =>
        new CropFlip(pad, type).Apply(images, crops);
}
