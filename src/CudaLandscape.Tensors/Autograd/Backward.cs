namespace CudaLandscape.Tensors.Autograd;

/// <summary>What a backward rule sees: the incoming gradient and what the op saved.</summary>
public readonly ref struct Backward
{
    private readonly Node _node;

    internal Backward(Node node, Tensor dy)
    {
        _node = node;
        Dy = dy;
    }

    /// <summary>Gradient of the result.</summary>
    public Tensor Dy { get; }

    /// <summary>The result, when the op saves it.</summary>
    /// <exception cref="InvalidOperationException">The op does not declare that it saves its result.</exception>
    public Tensor Y => (_node.SavedOutput ?? throw NotSaved("its result")).Unpack(_node);

    /// <summary>An input, when the op saves it.</summary>
    /// <exception cref="InvalidOperationException">The op does not declare that it saves this input.</exception>
    public Tensor X(int index) => (_node.SavedInputs[index] ?? throw NotSaved($"input {index}")).Unpack();

    /// <summary>Number of inputs.</summary>
    public int InputCount => _node.Inputs.Length;

    /// <summary>Shape of an input, saved or not.</summary>
    public Shape Shape(int index) => _node.InputShapes[index];

    /// <summary>Whether the gradient of an input is wanted.</summary>
    public bool Needs(int index) => _node.Inputs[index] is not null;

    private InvalidOperationException NotSaved(string what) =>
        new($"{_node.Op!.Name}: the backward rule reads {what}, which the op does not save.");
}
