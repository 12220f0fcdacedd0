using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>A mean cross-entropy below ln 2 / N leaves no training error, and no larger bound would.</summary>
internal sealed class ZeroErrorLossClaim : IClaim
{
    private const int Samples = 20, Classes = 5;

    public int Item => 15;

    public string Name => "zero-error-loss";

    public string Statement => "a loss below ln 2 / N leaves no training error";

    public string Source => $"{ValleyClaims.Paper}, Lemma 2.1";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random outputs of random quality", 2000, 500, 1_000_000)];

    public ClaimResult Run(ClaimContext context)
    {
        LossAndErrors[] draws = [.. Enumerable.Range(0, context.Size("draws")).Select(draw => Draw(context, draw))];
        LossAndErrors[] below = [.. draws.Where(d => d.OverThreshold < 1)], above = [.. draws.Where(d => d.OverThreshold is >= 1 and < 3)];
        LossAndErrors edge = Edge(context);
        return new ClaimResult(
            Check.Equal($"errors in the {below.Length} draws with N Φ < ln 2", below.Sum(d => d.Errors), 0),
            Check.AtLeast("share of the draws below the bound: not an empty statement", (double)below.Length / draws.Length, 0.02),
            Check.AtLeast($"draws with an error, of the {above.Length} with ln 2 ≤ N Φ < 3 ln 2", above.Count(d => d.Errors > 0), 1),
            Check.Equal("one sample at the edge of two classes, on the wrong side: errors", edge.Errors, 1),
            Check.Equal("its N Φ / ln 2: the bound cannot be raised", edge.OverThreshold, 1, 1e-6))
        {
            Note = $"Outputs of {Samples} samples and {Classes} classes are normal with a deviation in (0, 3), the label's raised by a margin in "
                + "(0, 15).",
        };
    }

    private static LossAndErrors Draw(ClaimContext context, int draw)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        using TensorScope scope = new();
        Random random = new(unchecked((int)context.Seed * 1_000_003 + draw));
        Tensor labels = Labels(context);
        double deviation = 3 * random.NextDouble();
        Tensor noise = RandomTensor.Normal(context.Device, [Samples, Classes], DType.Float64, context.Stream((ulong)draw), 0, deviation);
        return LossAndErrors.Of(labels.OneHot(Classes, DType.Float64).Scale(15 * random.NextDouble()) + noise, labels);
    }

    private static LossAndErrors Edge(ClaimContext context)
    {
        using TensorScope scope = new();
        Tensor labels = Labels(context);
        double[] outputs = labels.OneHot(Classes, DType.Float64).Scale(60).ToArray<double>();
        outputs[1] = 60 + 1e-9;
        return LossAndErrors.Of(Tensor.From<double>(context.Device, [Samples, Classes], outputs), labels);
    }

    private static Tensor Labels(ClaimContext context) =>
        Tensor.From<int>(context.Device, [Samples], [.. Enumerable.Range(0, Samples).Select(i => i % Classes)]);
}
