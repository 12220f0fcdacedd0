namespace CudaLandscape.Tensors.Autograd;

/// <summary>An op or its backward rule gave a value that is NaN or infinite; thrown under <see cref="AnomalyMode"/>.</summary>
public sealed class NonFiniteValueException : ArithmeticException
{
    internal NonFiniteValueException(string op, bool isGradient, CheckedTensor found, IReadOnlyList<CheckedTensor> read)
        : base(Text(op, isGradient, found, read))
    {
        Op = op;
        IsGradient = isGradient;
        Found = found;
        Read = read;
    }

    /// <summary>Name of the op.</summary>
    public string Op { get; }

    /// <summary>Name of the layer that ran the op, where a model has told it; null for a backward rule.</summary>
    public string? Layer { get; set; }

    /// <summary>True when a backward rule gave the value, false when the forward computation did.</summary>
    public bool IsGradient { get; }

    /// <summary>The tensor that holds the value.</summary>
    public CheckedTensor Found { get; }

    /// <summary>The tensors it was computed from.</summary>
    public IReadOnlyList<CheckedTensor> Read { get; }

    private static string Text(string op, bool isGradient, CheckedTensor found, IReadOnlyList<CheckedTensor> read)
    {
        string pass = isGradient ? "gradient" : "forward";
        string origin = read.FirstOrDefault(x => !x.IsFinite) is { } first
            ? $"{first.Role} was not finite already: it was made outside anomaly mode or by the caller."
            : "All it was computed from is finite: this op is the first offender.";
        return $"{op} ({pass}): {found} is not finite; computed from {string.Join("; ", read)}. {origin}";
    }
}
