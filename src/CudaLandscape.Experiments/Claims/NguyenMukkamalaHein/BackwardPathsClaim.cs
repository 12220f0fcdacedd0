using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>
/// Conditions (1) and (2) of Assumption 3.1 on the paper's networks and random sets of joined neurons as large as the paper's: the
/// check that the paper leaves out as costly.
/// </summary>
internal sealed class BackwardPathsClaim : IClaim
{
    private static readonly Activation s_sigmoid = Activation.Sigmoid, s_softplus = Activation.Softplus(20);

    public int Item => 16;

    public string Name => "backward-paths";

    public string Statement =>
        "Assumption 3.1 (1-2): sigmoid networks without max-pooling meet it; random sets leave softplus neurons without a backward path";

    public string Source => $"{ValleyClaims.Paper}, Assumption 3.1 (1) and (2)";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
        [new("connections", "joined neurons of the CIFAR-10 networks; CNN13 has 11/10 of them, as in the paper", 50_000, 20_000, 150_000)];

    public ClaimResult Run(ClaimContext context)
    {
        int count = context.Size("connections"), digits = count + count / 10;
        Assumption31 cnn = Of(context, new Cnn13(s_softplus), digits), dense = Of(context, new DenseNet(s_softplus), count);
        Assumption31 pooled = Of(context, new Vgg(11, s_softplus), count);
        Assumption31[] strided = [.. ((int[])[11, 13, 16]).Select(depth => Of(context, Strided(depth, s_softplus), count))];
        Assumption31[] sigmoid = [Of(context, new Cnn13(s_sigmoid), digits), Of(context, Strided(11, s_sigmoid), count)];
        return new ClaimResult(
            Check.Equal("sigmoid CNN13 and VGG11 with strides: conditions met, of 4", sigmoid.Sum(a => (a.First ? 1 : 0) + (a.Second ? 1 : 0)), 4),
            Check.Equal("VGG11 with max-pooling: layers that are not analytic", pooled.NotAnalytic.Count, 5),
            Missing("CNN13", cnn),
            Missing("VGG11, strides", strided[0]), Missing("VGG13, strides", strided[1]), Missing("VGG16, strides", strided[2]),
            Missing("VGG11, max-pooling", pooled), Missing("DenseNet121, first block", dense),
            Check.Equal(
                "DenseNet121: bottlenecks without a path; they read the stem's maps",
                dense.Paths.MissingByNode.Where(m => m.Key != "transition1_act").Sum(m => m.Value), 0),
            Check.Observe(
                "CNN13, if every neuron of a convolution had weights of its own: neurons without a path",
                MissingUnshared(context, new Cnn13(s_softplus), digits)),
            Check.Observe("CNN13: joined neurons that share their bias with another", cnn.SharingBias, $"of {cnn.Neurons:N0}"),
            Check.Observe("DenseNet121: batch normalisations", dense.Normalisations, "outside the paper's class in training"))
        {
            Note = "A softplus neuron needs a path back to the first hidden layer whose neurons are neither joined to the outputs nor share "
                + "weights with one that is. A random set of that size has neurons in every map of every larger convolution, and all neurons of a "
                + "map share their weights: so only joined neurons of the first hidden layer itself, and in the DenseNet those that read the stem, "
                + "meet the condition. It is sufficient for the lemma's rank N, not necessary: the softplus network of `skip-feature-rank` has that "
                + "rank without it. The proof gives every neuron a bias of its own; the convolutions here have one per map, as frameworks do. "
                + "Batch normalisations with a batch's own statistics make a neuron depend on other samples.",
        };
    }

    private static Check Missing(string name, Assumption31 a) =>
        Check.AtLeast($"softplus {name}: of {a.Neurons:N0} joined neurons, those without a backward path", a.Paths.Missing, 1);

    private static Vgg Strided(int depth, Activation activation) => new(depth, activation, VggDownsampling.StridedConvolution);

    private static Assumption31 Of(ClaimContext context, GraphModel model, int count)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        NeuronPool pool = model is DenseNet dense ? dense.FirstBlock : NeuronPool.OfActivations(model);
        return Assumption31.Check(model, pool, pool.Draw(count, context.Seed));
    }

    private static int MissingUnshared(ClaimContext context, GraphModel model, int count)
    {
        NeuronPool pool = NeuronPool.OfActivations(model);
        return BackwardPaths.Find(model, pool.Locate(pool.Draw(count, context.Seed)), weightsAreShared: false).Missing;
    }
}
