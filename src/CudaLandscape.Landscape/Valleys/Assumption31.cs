using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Landscape.Valleys;

/// <summary>
/// Conditions (1) and (2) of Nguyen, Mukkamala and Hein, ICLR'19, Assumption 3.1, on a network and the N hidden neurons that are joined
/// to its outputs; they do not depend on the data. Condition (3) does: <see cref="PatchAgreement"/>. The conditions as checked:
/// <list type="number">
/// <item>All activations are real analytic and strictly increasing; max-pooling and ReLU are not.</item>
/// <item>Either the activations of all joined neurons are bounded with limit 0 at -∞, or all are softplus and every joined neuron has a
/// backward path, <see cref="BackwardPaths"/>.</item>
/// <item>x_r|S_i ≠ x_s|S_j for samples r ≠ s and receptive fields S of the first hidden layer.</item>
/// </list>
/// The path's wording is ours, after the proof of Lemma 3.2, which it makes work (<see cref="TriangularSkipFeatures"/>). Outside the
/// conditions the proof gives every neuron a bias of its own, as section 2's definition has it; neurons of one map of a framework's
/// convolution have one bias together, and then (1) to (3) do not suffice: on images of one colour all neurons of a map that lie inside are equal.
/// </summary>
public sealed record Assumption31
{
    private Assumption31()
    {
    }

    /// <summary>N.</summary>
    public required int Neurons { get; init; }

    /// <summary>Nodes against condition (1).</summary>
    public required IReadOnlyList<string> NotAnalytic { get; init; }

    /// <summary>What the activations of all joined neurons can meet of condition (2); none when they differ.</summary>
    public required SkipCondition Condition { get; init; }

    /// <summary>The paths; they matter to softplus.</summary>
    public required BackwardPaths Paths { get; init; }

    /// <summary>Joined neurons that share their bias with another one.</summary>
    public required int SharingBias { get; init; }

    /// <summary>
    /// Batch normalisations: affine with fixed statistics, while with a batch's own a neuron depends on other samples, outside the
    /// paper's class.
    /// </summary>
    public required int Normalisations { get; init; }

    /// <summary>Condition (1).</summary>
    public bool First => NotAnalytic.Count == 0;

    /// <summary>Condition (2).</summary>
    public bool Second => Condition == SkipCondition.Bounded || (Condition == SkipCondition.Softplus && Paths.All);

    /// <summary>Checks a network.</summary>
    /// <param name="model">The network without its skip connections.</param>
    /// <param name="pool">The neurons that may be joined.</param>
    /// <param name="places">Places in the pool of those that are, rising, as <see cref="NeuronPool.Draw"/> gives them.</param>
    /// <exception cref="ArgumentException">The pool does not fit the network, or the graph has layers of an unknown kind.</exception>
    public static Assumption31 Check(GraphModel model, NeuronPool pool, int[] places)
    {
        IReadOnlyDictionary<string, int[]> joined = pool.Locate(places);
        SkipCondition[] conditions = [.. joined.Keys.Select(name => SkipConditions.Of(model[name])).Distinct()];
        return new Assumption31
        {
            Neurons = places.Length,
            NotAnalytic = [.. model.Nodes.Where(n => !SkipConditions.IsAnalytic(n)).Select(n => n.Name)],
            Condition = conditions.Length == 1 ? conditions[0] : SkipCondition.None,
            Paths = BackwardPaths.Find(model, joined),
            SharingBias = joined.Sum(j => CountSharingBias(model[j.Key], j.Value)),
            Normalisations = model.Nodes.Count(n => n.Module is BatchNorm2d),
        };
    }

    // Back from the activation to the last layer with parameters: its bias is one per neuron, or one per map.
    private static int CountSharingBias(Node activation, int[] positions)
    {
        Node node = activation.Inputs[0];
        while (node.Module is null or { Parameters.Count: 0 } && node.Inputs.Count > 0) node = node.Inputs[0];
        if (node.Module?.Parameters.Any(p => p.Shape.ElementCount == node.Shape.ElementCount) == true) return 0;
        long area = activation.Shape.ElementCount / activation.Shape[0];
        return positions.GroupBy(position => position / area).Where(group => group.Count() > 1).Sum(group => group.Count());
    }
}
