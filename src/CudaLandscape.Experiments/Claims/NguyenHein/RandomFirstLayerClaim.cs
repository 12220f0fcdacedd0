using CudaLandscape.Nn.Training;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>A first layer that stays as it was drawn costs little accuracy.</summary>
internal sealed class RandomFirstLayerClaim : IClaim
{
    private const int TestCount = 1000;

    public int Item => 14;

    public string Name => "random-first-layer";

    public string Statement => "a first layer that stays random loses little";

    public string Source => "Nguyen and Hein, ICML'18, remark on random first layers";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "training images", 600, 400, 50_000),
        new("epochs", "passes over them", 40, 40, 10_000),
    ];

    public long EstimateBytes(ClaimContext context) => SmallTraining.EstimateBytes(context.Size("n") + TestCount, features: true);

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n"), epochs = context.Size("epochs");
        using DeviceSamples train = SmallTraining.Samples(context, 0, n), test = SmallTraining.Samples(context, n, TestCount);
        (int _, int whole) = SmallTraining.Whole(context, train, test, epochs);
        (int _, int above) = SmallTraining.Above(context, train, test, epochs);
        return new ClaimResult(
            Check.AtMost("test errors of 1000 with a random first layer, beyond those with a trained one", above - whole, 50),
            Check.AtMost("test errors of 1000 with a random first layer", above, 300),
            Check.Observe("test errors of 1000 with all layers trained", whole))
        {
            Note = "Figure 1's network with T1 = 10, Adam, batches of 25. \"Little\" is taken as 5 % of the test images.",
        };
    }
}
