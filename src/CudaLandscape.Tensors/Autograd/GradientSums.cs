using System.Diagnostics.CodeAnalysis;

namespace CudaLandscape.Tensors.Autograd;

/// <summary>The gradients of a backward pass so far: for every node the sum of what its readers have given; each owns its handle.</summary>
internal sealed class GradientSums(Node root, Tensor seed, IReadOnlySet<Node> wanted)
{
    private readonly Dictionary<Node, Tensor> _sums = new() { [root] = seed };
    private readonly bool _mayAdd = !GradientMode.IsEnabled && !AnomalyMode.IsEnabled;

    /// <summary>The sum of a node, or null.</summary>
    public Tensor? Of(Node node) => _sums.GetValueOrDefault(node);

    /// <summary>The sum of a node when a rule may add to it in place: the pass is not recorded and nothing else has its memory.</summary>
    public Tensor? InPlace(Node? node) => _mayAdd && node is not null && Of(node) is { IsSoleOwner: true } sum ? sum : null;

    /// <summary>Whether the rule of a node, whose sum is complete, may use its memory for something else.</summary>
    public bool MayOverwrite(Node node) =>
        InPlace(node) is { } sum && !ReferenceEquals(sum, seed) && !wanted.Contains(node);

    /// <summary>Sets a node's sum.</summary>
    public void Set(Node node, Tensor sum) => _sums[node] = sum;

    /// <summary>Takes a node's sum out; false when there is none.</summary>
    public bool Remove(Node node, [NotNullWhen(true)] out Tensor? sum) => _sums.Remove(node, out sum);

    /// <summary>Forgets a node's sum and releases it, unless it is the caller's seed.</summary>
    public void Release(Node node)
    {
        if (_sums.Remove(node, out Tensor? sum) && !ReferenceEquals(sum, seed)) sum.Dispose();
    }
}
