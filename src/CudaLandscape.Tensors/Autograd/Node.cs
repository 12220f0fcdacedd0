namespace CudaLandscape.Tensors.Autograd;

/// <summary>
/// One step of the tape: an op, the nodes of its inputs and what its backward rule needs. Reference counts run from results
/// to inputs only, so the tape is freed in order as soon as no tensor and no later step holds it.
/// </summary>
internal sealed class Node
{
    private int _owners = 1;
    private Node? _nextDead;

    private Node(Op? op, Node?[] inputs)
    {
        Op = op;
        Inputs = inputs;
    }

    public Op? Op { get; }

    public Node?[] Inputs { get; }

    public bool IsLeaf => Op is null;

    public SavedTensor?[] SavedInputs { get; private init; } = [];

    public SavedTensor? SavedOutput { get; private init; }

    public Shape[] InputShapes { get; private init; } = [];

    public static Node Leaf() => new(null, []);

    public static Node Record(Op op, Tensor[] inputs, Tensor output)
    {
        Node?[] nodes = Array.ConvertAll(inputs, x => x.Node?.Retain());
        SavedTensor?[] saved = new SavedTensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (op.Saves.HasInput(i)) saved[i] = SavedTensor.OfInput(inputs[i]);
        }

        return new Node(op, nodes)
        {
            SavedInputs = saved,
            SavedOutput = op.Saves.HasOutput ? SavedTensor.OfOutput(output) : null,
            InputShapes = Array.ConvertAll(inputs, x => x.Shape),
        };
    }

    public Node Retain()
    {
        Interlocked.Increment(ref _owners);
        return this;
    }

    /// <summary>Gives one reference up, and what only this step held.</summary>
    public void Release()
    {
        // Iterative, since a long chain of ops is a deep graph.
        Node? dead = null;
        Drop(ref dead);
        while (dead is { } node)
        {
            dead = node._nextDead;
            foreach (SavedTensor? saved in node.SavedInputs) saved?.Release(ref dead);
            node.SavedOutput?.Release(ref dead);
            foreach (Node? input in node.Inputs) input?.Drop(ref dead);
        }
    }

    /// <summary>Gives one reference up; the last one puts this step on the list of those to be taken apart.</summary>
    public void Drop(ref Node? dead)
    {
        if (Interlocked.Decrement(ref _owners) != 0) return;
        _nextDead = dead;
        dead = this;
    }
}
