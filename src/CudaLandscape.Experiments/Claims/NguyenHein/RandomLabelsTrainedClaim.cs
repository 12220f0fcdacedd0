using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>The same network, trained in the same way, learns labels in random order as it learns the true ones; only the test tells them apart.</summary>
internal sealed class RandomLabelsTrainedClaim : IClaim
{
    private const int TestCount = 1000;

    public int Item => 14;

    public string Name => "random-labels-trained";

    public string Statement => "training fits labels in random order as it fits the true ones";

    public string Source => "Nguyen and Hein, ICML'18, remark on Zhang et al., ICLR'17";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "images", 200, 100, 50_000),
        new("epochs", "passes over them", 400, 400, 100_000),
    ];

    public long EstimateBytes(ClaimContext context) => SmallTraining.EstimateBytes(context.Size("n") + TestCount, features: false);

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n"), epochs = context.Size("epochs");
        int[] labels = Array.ConvertAll(context.Images(n + TestCount).Labels, l => (int)l);
        int[] random = Array.ConvertAll(Philox.Permutation(context.Stream(3), n), i => labels[i]);
        using DeviceSamples right = SmallTraining.Samples(context, 0, n), mixed = SmallTraining.Samples(context, 0, n, random);
        using DeviceSamples test = SmallTraining.Samples(context, n, TestCount);
        (int trainRight, int testRight) = SmallTraining.Whole(context, right, test, epochs);
        (int trainMixed, int testMixed) = SmallTraining.Whole(context, mixed, test, epochs);
        return new ClaimResult(
            Check.Equal($"training errors with the labels of {n} images in random order", trainMixed, 0),
            Check.Equal("training errors with the true labels", trainRight, 0),
            Check.AtLeast("images whose label changed", random.Zip(labels).Count(l => l.First != l.Second), n / 2),
            Check.AtLeast("test errors of 1000 after the random labels: nothing is learned", testMixed, 750),
            Check.AtMost("test errors of 1000 after the true labels", testRight, 400))
        {
            Note = "Figure 1's network with T1 = 10, 74,030 parameters; squared loss, Adam, batches of 25.",
        };
    }
}
