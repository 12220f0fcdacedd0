using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Features of a random first layer are linearly separable with fewer neurons than samples, and generalise.</summary>
internal sealed class LinearProbeClaim : IClaim
{
    private const int TestCount = 1000;

    public int Item => 14;

    public string Name => "linear-probe";

    public string Statement => "a random first layer of fewer neurons than samples makes digits linearly separable";

    public string Source => "Nguyen and Hein, ICML'18, section 5";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "images; more than the layer's 338 neurons", 400, 339, 50_000)];

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        Tensor x = WideFeatureNetwork.Samples(context, n + TestCount);
        int[] labels = Array.ConvertAll(context.Images(n + TestCount).Labels, l => (int)l);
        Sequential model = WideFeatureNetwork.Create(2, Activation.Sigmoid);
        using ParameterSlab parameters = WideFeatureNetwork.Draw(context, model, context.Seed);
        Tensor features = ModelFeatures.Of(model, x, WideFeatureNetwork.Narrow), pixels = x.Reshape([x.Shape[0], 784]);
        int[] random = Array.ConvertAll(Philox.Permutation(context.Stream(3), n), i => labels[i]);
        return new ClaimResult(
            Check.Equal($"training errors of a linear classifier on {features.Shape[1]} random features, N = {n}", Errors(features, labels, n, 1e-12).Train, 0),
            Check.Observe("test errors of 1000 on these features", Errors(features, labels, n, 1e-4).Test),
            Check.Observe("test errors of 1000 on the pixels", Errors(pixels, labels, n, 1e-4).Test),
            Check.Observe("training errors with labels in random order", Errors(features, [.. random, .. labels[n..]], n, 1e-12).Train))
        {
            Note = "Least squares to one-hot targets; the class with the largest output is the answer. For the test errors 1e-4 of the largest entry is "
                + "added to the diagonal of FᵀF, since with nearly as many features as samples the plain solution fits noise.",
        };
    }

    private static (int Train, int Test) Errors(Tensor f, int[] labels, int n, double ridge)
    {
        using TensorScope scope = new();
        Tensor y = Tensor.From<int>(f.Device, [n], labels[..n]).OneHot(10, DType.Float64);
        int[] predicted = RandomHiddenLayer.Predict(f.Slice(0, 0, n), y, f, ridge).ArgMax().ToArray<int>();
        bool[] wrong = [.. predicted.Zip(labels, (p, l) => p != l)];
        return (wrong[..n].Count(w => w), wrong[n..].Count(w => w));
    }
}
