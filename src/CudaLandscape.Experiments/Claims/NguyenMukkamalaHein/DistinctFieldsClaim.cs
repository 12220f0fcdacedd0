using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>Condition (3) of Assumption 3.1: images agree on receptive fields of the first layer, and the least noise parts them.</summary>
internal sealed class DistinctFieldsClaim : IClaim
{
    // Of the full pixel range; the smaller of the two readings of ICML'18's noise.
    private const double Noise = 1e-5;
    private const int BatchSize = 1000;

    public int Item => 16;

    public string Name => "distinct-fields";

    public string Statement => "Assumption 3.1 (3): images agree on receptive fields of the first layer; small noise makes all of them different";

    public string Source => $"{ValleyClaims.Paper}, Assumption 3.1 (3)";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "digits", 1000, 200, 60_000),
        new("colours", "colour images", 500, 100, 50_000),
    ];

    public long EstimateBytes(ClaimContext context) =>
        Math.Max(784L * context.Size("n"), 3072L * context.Size("colours")) * (1 + 4 * sizeof(float)) + 4L * BatchSize * 3072 * sizeof(float);

    public ClaimResult Run(ClaimContext context)
    {
        ImageSet digits = context.Images(context.Size("n")), colours = context.Colours(context.Size("colours"));
        FirstLayerPatches cnn = FirstLayerPatches.Of(new Cnn13(Activation.Sigmoid)), vgg = FirstLayerPatches.Of(new Vgg(11, Activation.Sigmoid));
        PatchAgreement before = Count(context, digits, cnn, 0), after = Count(context, digits, cnn, Noise);
        PatchAgreement coloursBefore = Count(context, colours, vgg, 0), coloursAfter = Count(context, colours, vgg, Noise);
        return new ClaimResult(
            Check.Equal("digits and CNN13 after noise: patches that another image has at any position", after.Anywhere, 0),
            Check.Equal("colour images and VGG or DenseNet121 after noise: the same", coloursAfter.Anywhere, 0),
            Check.AtLeast($"digits before noise: of {before.Positions} positions, those where two images agree", before.AgreeingPositions, 1),
            Share("digits before noise: share of patches that another image has at the same position", before.AtSamePosition, before),
            Share("digits before noise: share of patches that another image has at any position", before.Anywhere, before),
            Check.Observe($"colour images before noise: of {coloursBefore.Positions} positions, those where two agree", coloursBefore.AgreeingPositions),
            Share("colour images before noise: share at the same position", coloursBefore.AtSamePosition, coloursBefore),
            Share("colour images before noise: share at any position", coloursBefore.Anywhere, coloursBefore))
        {
            Note = "Kernels of 3 x 3 with padding: S_i has 9 inputs per channel inside, 6 or 4 at the border. "
                + $"Noise N(0, {Noise}²) on pixels in [0, 1], in float32. Colour images: {colours.Description}.",
        };
    }

    private static Check Share(string what, long count, PatchAgreement of) =>
        Check.Observe(what, (double)count / ((long)of.Samples * of.Positions));

    private static PatchAgreement Count(ClaimContext context, ImageSet images, FirstLayerPatches patches, double noise)
    {
        float[] values = new float[images.Count * patches.Inputs];
        using DeviceSamples samples = DeviceSamples.UploadBytes(context.Device, images);
        for (int begin = 0; begin < images.Count; begin += BatchSize)
        {
            using TensorScope scope = new();
            Tensor batch = samples.ImageRange(begin, Math.Min(BatchSize, images.Count - begin));
            if (noise > 0)
                batch += RandomTensor.Normal(context.Device, batch.Shape, DType.Float32, context.Stream((1UL << 50) + (ulong)begin), 0, noise);
            batch.CopyTo(values.AsSpan(begin * patches.Inputs, (int)batch.ElementCount));
        }

        return PatchAgreement.Count(values, patches, context.Cancellation);
    }
}
