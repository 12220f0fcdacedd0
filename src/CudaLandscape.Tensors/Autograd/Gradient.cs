using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Autograd;

/// <summary>Reverse-mode derivatives.</summary>
public static partial class Gradient
{
    /// <summary>
    /// dy · ∂y/∂x for each x. With <paramref name="createGraph"/> the gradients are recorded too and can be differentiated
    /// again; without it nothing is recorded and memory is freed as the sweep goes.
    /// </summary>
    /// <param name="y">The tensor to differentiate.</param>
    /// <param name="xs">Leaves or results that y depends on; one that it does not depend on gets zeros.</param>
    /// <param name="dy">Gradient of y, of y's shape; may be left out (1) when y has one element.</param>
    /// <param name="createGraph">Record the backward pass.</param>
    /// <exception cref="ArgumentException">y or an x has no gradient path, or dy has another shape.</exception>
    /// <exception cref="NonFiniteValueException">A gradient is not finite; only under <see cref="AnomalyMode"/>.</exception>
    public static Tensor[] Of(Tensor y, IReadOnlyList<Tensor> xs, Tensor? dy = null, bool createGraph = false)
    {
        Check(y, xs, dy);
        using TensorScope scope = new();
        using GradientMode.Change mode = GradientMode.Set(createGraph);
        Tensor seed = dy ?? Tensor.Full(y.Device, y.Shape, y.DType, 1, "dy");
        GradientSums gradients = Sweep(y.Node!, xs, seed);
        return scope.Return([.. xs.Select(x => Result(x, gradients))]);
    }

    /// <summary>Gradient of a scalar with respect to one tensor.</summary>
    public static Tensor Of(Tensor y, Tensor x, bool createGraph = false) => Of(y, [x], null, createGraph)[0];

    private static void Check(Tensor y, IReadOnlyList<Tensor> xs, Tensor? dy)
    {
        if (!y.RequiresGradient) throw new ArgumentException($"Gradient.Of: {y} depends on no tensor that requires a gradient.");
        if (dy is null && y.ElementCount != 1)
            throw new ArgumentException($"Gradient.Of: {y} has {y.ElementCount} elements; give dy or reduce it to one.");
        if (dy is not null && (dy.Shape != y.Shape || dy.DType != y.DType))
            throw new ArgumentException($"Gradient.Of: dy is {dy}, but y is {y}; shapes and types must agree.");
        foreach (Tensor x in xs)
        {
            if (!x.RequiresGradient) throw new ArgumentException($"Gradient.Of: {x} does not require a gradient.");
        }
    }

    private static Tensor Result(Tensor x, GradientSums gradients) =>
        gradients.Of(x.Node!) is { } gradient
            ? gradient.View(gradient.Shape, 0, $"gradient of {x.Name}", gradient.Node)
            : Tensor.Zeros(x.Device, x.Shape, x.DType, $"gradient of {x.Name}");

    private static GradientSums Sweep(Node root, IReadOnlyList<Tensor> xs, Tensor seed)
    {
        HashSet<Node> wanted = [.. xs.Select(x => x.Node!)];
        List<Node> order = TopologicalOrder(root);
        HashSet<Node> onPath = OnPath(order, wanted);
        GradientSums gradients = new(root, seed, wanted);
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Node node = order[i];
            if (!onPath.Contains(node) || gradients.Of(node) is not { } dy) continue;
            if (!node.IsLeaf) Propagate(node, dy, onPath, gradients);
            if (!wanted.Contains(node)) gradients.Release(node);
        }

        return gradients;
    }

    private static void Propagate(Node node, Tensor dy, HashSet<Node> onPath, GradientSums gradients)
    {
        using TensorScope scope = new();
        Tensor?[] dx = ApplyRule(node, dy, gradients);
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            if (node.Inputs[i] is not { } input || !onPath.Contains(input)) continue;
            Tensor part = dx[i] ?? throw new InvalidOperationException($"{node.Op!.Name}: no gradient for input {i}.");
            RequireShape(node, i, part);
            if (ReferenceEquals(part, gradients.Of(input))) continue; // the rule has added to it in place
            if (AnomalyMode.IsEnabled) AnomalyMode.CheckGradient(node, i, dy, part);
            // A rule may hand back dy, or one tensor for two inputs; every entry of the map owns its own handle.
            bool shared = ReferenceEquals(part, dy) || Array.IndexOf(dx, part) < i;
            if (shared) part = part.View(part.Shape, 0, part.Name, part.Node);
            gradients.Set(input, scope.Return(gradients.Remove(input, out Tensor? sum) ? Accumulate(sum, part) : part));
        }
    }

    private static Tensor?[] ApplyRule(Node node, Tensor dy, GradientSums gradients)
    {
        using AnomalyMode suspended = AnomalyMode.Suspend();
        using ProfilerRange range = ProfilerRange.IsOn ? new($"gradient of {node.Op!.Name}") : default;
        return node.Op!.Vjp(new Backward(node, dy, gradients));
    }

    private static Tensor Accumulate(Tensor sum, Tensor part)
    {
        Tensor total = Add(sum, part);
        if (AnomalyMode.IsEnabled) AnomalyMode.CheckSum(sum, part, total);
        sum.Dispose();
        return total;
    }

    private static Tensor Add(Tensor a, Tensor b)
    {
        using AnomalyMode suspended = AnomalyMode.Suspend();
        return a + b;
    }

    private static void RequireShape(Node node, int i, Tensor part)
    {
        if (part.Shape != node.InputShapes[i])
            throw new InvalidOperationException(
                $"{node.Op!.Name}: gradient of input {i} has shape {part.Shape}, the input {node.InputShapes[i]}.");
    }

    // Inputs before results; iterative, since a long chain of ops is a deep graph.
    private static List<Node> TopologicalOrder(Node root)
    {
        List<Node> order = [];
        HashSet<Node> seen = [root];
        Stack<(Node Node, int Next)> path = new([(root, 0)]);
        while (path.TryPop(out (Node Node, int Next) step))
        {
            if (step.Next == step.Node.Inputs.Length)
            {
                order.Add(step.Node);
                continue;
            }

            path.Push((step.Node, step.Next + 1));
            if (step.Node.Inputs[step.Next] is { } input && seen.Add(input)) path.Push((input, 0));
        }

        return order;
    }

    private static HashSet<Node> OnPath(List<Node> order, HashSet<Node> wanted)
    {
        HashSet<Node> onPath = [];
        foreach (Node node in order)
        {
            if (wanted.Contains(node) || Array.Exists(node.Inputs, x => x is not null && onPath.Contains(x))) onPath.Add(node);
        }

        return onPath;
    }
}
