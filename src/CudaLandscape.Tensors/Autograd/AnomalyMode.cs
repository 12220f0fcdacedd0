using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Autograd;

/// <summary>
/// While it is open, the result of every op of this thread and every gradient of a backward pass is checked, and the first
/// value that is NaN or infinite throws: <c>using (new AnomalyMode()) { … }</c>. Each check waits for the device; for finding
/// a fault, not for training.
/// </summary>
public readonly struct AnomalyMode : IDisposable
{
    [ThreadStatic]
    private static bool s_enabled;

    private readonly bool _wasEnabled;

    /// <summary>Begins checking.</summary>
    public AnomalyMode()
        : this(true)
    {
    }

    private AnomalyMode(bool enabled)
    {
        _wasEnabled = s_enabled;
        s_enabled = enabled;
    }

    /// <summary>Whether ops of this thread are checked.</summary>
    public static bool IsEnabled => s_enabled;

    /// <summary>Goes on as before.</summary>
    public void Dispose() => s_enabled = _wasEnabled;

    /// <summary>No checks while it is open: the inside of a backward rule, whose results are checked instead.</summary>
    internal static AnomalyMode Suspend() => new(false);

    /// <summary>Checks the result of an op; it is released when the check fails, since the caller never gets it.</summary>
    internal static void CheckResult(Op op, Tensor[] inputs, Tensor result)
    {
        double magnitude = Magnitude(result);
        if (double.IsFinite(magnitude)) return;
        CheckedTensor[] read = [.. inputs.Select((x, i) => Describe($"input {i}", x))];
        CheckedTensor found = new("result", result.Name, result.Shape, result.DType, magnitude);
        result.Dispose();
        throw new NonFiniteValueException(op.Name, isGradient: false, found, read);
    }

    /// <summary>Checks the gradient a backward rule gave for an input.</summary>
    internal static void CheckGradient(Node node, int input, Tensor dy, Tensor gradient)
    {
        double magnitude = Magnitude(gradient);
        if (double.IsFinite(magnitude)) return;
        List<CheckedTensor> read = [Describe("dy", dy)];
        using TensorScope scope = new();
        for (int i = 0; i < node.SavedInputs.Length; i++)
        {
            if (node.SavedInputs[i] is { } saved) read.Add(Describe($"input {i}", saved.Unpack()));
        }

        if (node.SavedOutput is { } output) read.Add(Describe("result", output.Unpack()));
        throw new NonFiniteValueException(
            node.Op!.Name, isGradient: true, Describe($"gradient of input {input}", gradient), read);
    }

    /// <summary>Checks the sum of the gradients of two paths, which can overflow where its terms do not.</summary>
    internal static void CheckSum(Tensor a, Tensor b, Tensor total)
    {
        double magnitude = Magnitude(total);
        if (double.IsFinite(magnitude)) return;
        throw new NonFiniteValueException(
            "add", isGradient: true, Describe("sum of gradients", total), [Describe("first paths", a), Describe("last path", b)]);
    }

    private static CheckedTensor Describe(string role, Tensor x) => new(role, x.Name, x.Shape, x.DType, Magnitude(x));

    // 0 for integers, which are always finite.
    private static double Magnitude(Tensor x)
    {
        if (!x.DType.IsFloat()) return 0;
        using AnomalyMode off = Suspend();
        using TensorScope scope = new();
        return x.MaxAbs().Item();
    }
}
