namespace CudaLandscape.Tensors.Autograd;

/// <summary>
/// One step of the tape: an op, the nodes of its inputs and what its backward rule needs. Reference counts run from results
/// to inputs only, so the tape is freed in order as soon as no tensor and no later step holds it.
/// </summary>
internal sealed class Node
{
    private int _owners = 1;

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

    // Iterative, since a long chain of ops is a deep graph.
    public void Release()
    {
        Stack<Node> pending = new([this]);
        while (pending.TryPop(out Node? node))
        {
            if (Interlocked.Decrement(ref node._owners) != 0) continue;
            foreach (SavedTensor? saved in node.SavedInputs) saved?.Release(pending);
            node.SavedOutput?.Release(pending);
            foreach (Node? input in node.Inputs)
            {
                if (input is not null) pending.Push(input);
            }
        }
    }
}
