namespace CudaLandscape.Tensors.Autograd;

/// <summary>Which of its tensors an op's backward rule reads; only these stay in memory until the backward pass.</summary>
public readonly record struct Saves
{
    private readonly uint _inputs;

    private Saves(uint inputs, bool output)
    {
        _inputs = inputs;
        HasOutput = output;
    }

    /// <summary>The rule reads no tensor but the incoming gradient.</summary>
    public static Saves Nothing => default;

    /// <summary>The rule reads every input.</summary>
    public static Saves Inputs => new(uint.MaxValue, false);

    /// <summary>The rule reads the result.</summary>
    public static Saves Output => new(0, true);

    /// <summary>The rule reads the result.</summary>
    public bool HasOutput { get; }

    /// <summary>The rule reads one input.</summary>
    public static Saves Input(int index) => new(1u << index, false);

    /// <summary>The rule reads what either side says.</summary>
    public static Saves operator |(Saves a, Saves b) => new(a._inputs | b._inputs, a.HasOutput || b.HasOutput);

    /// <summary>Whether the rule reads that input.</summary>
    public bool HasInput(int index) => (_inputs >> index & 1) != 0;
}
