namespace CudaLandscape.Tensors.Autograd;

/// <summary>What a backward rule sees: the incoming gradient and what the op saved.</summary>
public readonly ref struct Backward
{
    private readonly Node _node;
    private readonly GradientSums _sums;

    internal Backward(Node node, Tensor dy, GradientSums sums)
    {
        _node = node;
        _sums = sums;
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

    /// <summary>
    /// The gradient of an input as other paths have left it, for a rule that adds its own share in place and hands this tensor back;
    /// null while there is none, and where it must not be written to: in a recorded pass, under <see cref="AnomalyMode"/>, or when
    /// its memory has another owner.
    /// </summary>
    public Tensor? Sum(int index) => _sums.InPlace(_node.Inputs[index]);

    /// <summary>
    /// Whether a rule may write to <see cref="Dy"/>, to hand it back: the pass is not recorded, and neither the caller nor another path
    /// needs it.
    /// </summary>
    public bool MayOverwriteDy => _sums.MayOverwrite(_node);

    private InvalidOperationException NotSaved(string what) =>
        new($"{_node.Op!.Name}: the backward rule reads {what}, which the op does not save.");
}
