using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Tests.Valleys;

/// <summary>ICLR'19, Assumption 3.1 (2): paths from joined neurons back to the first hidden layer.</summary>
public sealed class BackwardPathsTests
{
    [Theory]
    [InlineData(true, 0, new int[0])]
    [InlineData(true, 0, new[] { 0 })]
    [InlineData(true, 2, new[] { 0, 17 })]
    [InlineData(false, 0, new[] { 0, 17 })]
    public void One_joined_neuron_in_every_map_below_leaves_no_path_where_weights_are_shared(bool shared, int missing, int[] below)
    {
        GraphModel model = new Sequential(
            [1, 4, 4], ("conv1", new Conv2d([1, 4, 4], 2, 3, pad: 1)), ("act1", Activation.Softplus(20)),
            ("conv2", new Conv2d([2, 4, 4], 3, 3, pad: 1)), ("act2", Activation.Softplus(20)),
            ("rows", new Flatten()), ("output", new Linear(48, 2)));
        Dictionary<string, int[]> joined = new() { ["act1"] = below, ["act2"] = [5, 40] };
        BackwardPaths paths = BackwardPaths.Find(model, joined, shared);
        Assert.Equal((missing, below.Length + 2, missing == 0), (paths.Missing, paths.Neurons, paths.All));
        Assert.Equal(0, paths.MissingByNode["act1"]);
    }

    // Without sharing a 3 x 3 window at a corner sees four neurons of each map: all of them joined close the path, all but one do not.
    [Fact]
    public void All_neurons_that_are_read_must_be_joined_to_close_a_path()
    {
        GraphModel model = Branching();
        int[] corner = [.. from c in Enumerable.Range(0, 2) from p in (int[])[0, 1, 6, 7] select 36 * c + p];
        Assert.Equal(1, Missing(corner));
        Assert.Equal(0, Missing(corner[..^1]));

        int Missing(int[] joined) =>
            BackwardPaths.Find(model, new Dictionary<string, int[]> { ["act1"] = joined, ["act2"] = [0] }, weightsAreShared: false).Missing;
    }

    // Against the definition followed neuron by neuron.
    [Theory]
    [InlineData(1, 0.03)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.3)]
    [InlineData(4, 0.9)]
    [InlineData(5, 0.01)]
    public void Counts_are_those_of_following_every_neuron(int seed, double share)
    {
        GraphModel model = Branching();
        System.Random random = new(seed);
        Dictionary<string, int[]> joined = ((string[])["act1", "act2", "act3", "act4"]).ToDictionary(
            name => name, name => Enumerable.Range(0, (int)model[name].Shape.ElementCount).Where(_ => random.NextDouble() < share).ToArray());
        foreach (bool shared in (bool[])[true, false])
        {
            NeuronPaths definition = new(model, joined, shared);
            BackwardPaths found = BackwardPaths.Find(model, joined, shared);
            foreach ((string name, int[] positions) in joined)
                Assert.Equal((name, positions.Count(p => !definition.FromInputsOf(model[name], p))), (name, found.MissingByNode[name]));
        }
    }

    [Fact]
    public void Neurons_before_their_activation_are_refused()
    {
        Dictionary<string, int[]> joined = new() { ["conv1"] = [0] };
        Assert.Contains("'conv1' is Conv2d", Assert.Throws<ArgumentException>(() => BackwardPaths.Find(Branching(), joined)).Message);
    }

    // Two branches, joined by Concat and by Add; pooling, a normalisation and a full layer.
    private static GraphModel Branching()
    {
        GraphBuilder g = new([1, 6, 6]);
        Node a = g.Add("act1", Activation.Sigmoid, g.Add("conv1", new Conv2d(g.Input.Shape, 2, 3, pad: 1), g.Input));
        Node b = g.Add("act2", Activation.Sigmoid, g.Add("norm2", new BatchNorm2d(2), g.Add("conv2", new Conv2d(a.Shape, 2, 3, pad: 1), a)));
        Node sum = g.Add("add", new AddJoin(), b, g.Add("conv2b", new Conv2d(a.Shape, 2, 1), a));
        Node pool = g.Add("pool", new AvgPool2d(2), g.Add("concat", new ConcatJoin(), a, sum));
        Node c = g.Add("act3", Activation.Sigmoid, g.Add("conv3", new Conv2d(pool.Shape, 3, 3, stride: 2, pad: 1), pool));
        Node d = g.Add("act4", Activation.Sigmoid, g.Add("fc", new Linear(12, 5), g.Add("rows", new Flatten(), c)));
        return g.Build(g.Add("output", new Linear(5, 2), d));
    }
}
