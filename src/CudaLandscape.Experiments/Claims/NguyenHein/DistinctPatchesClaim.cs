using CudaLandscape.Landscape.Layers;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Digits share patches, black borders above all; the noise that the paper adds makes all patches different.</summary>
internal sealed class DistinctPatchesClaim : IClaim
{
    public int Item => 3;

    public string Name => "distinct-patches";

    public string Statement => "digits violate the assumption of distinct patches, and small noise mends it";

    public string Source => "Nguyen and Hein, ICML'18, Assumption 3.1 and section 5";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "images", 1000, 100, 60_000)];

    public ClaimResult Run(ClaimContext context)
    {
        ImageSet images = context.Images(context.Size("n"));
        PatchLayer layer = PatchLayer.Image(images.Channels, images.Height, images.Width, 3);
        PatchCollisions before = Count(context, images, layer, 0);
        PatchCollisions variance = Count(context, images, layer, Math.Sqrt(1e-5)), deviation = Count(context, images, layer, 1e-5);
        return new ClaimResult(
            Check.Equal($"of {layer.Patches.Length} positions, those where two images agree, after noise of variance 1e-5", variance.CollidingPositions, 0),
            Check.Equal("the same after noise of standard deviation 1e-5", deviation.CollidingPositions, 0),
            Check.AtLeast("the same before noise", before.CollidingPositions, 1),
            Check.Observe($"patches, of {(long)images.Count * layer.Patches.Length}, that another image has there, before noise", before.CollidingPatches));
    }

    private static PatchCollisions Count(ClaimContext context, ImageSet images, PatchLayer layer, double noise)
    {
        using DeviceSamples samples = DeviceSamples.Upload(context.Device, images, noise, context.Stream(1UL << 50));
        return PatchCollisions.Count(samples.Images.ToArray<float>(), layer);
    }
}
