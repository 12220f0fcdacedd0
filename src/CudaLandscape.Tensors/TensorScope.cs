namespace CudaLandscape.Tensors;

/// <summary>
/// Releases the tensors made while it is the innermost scope of its thread, unless they are kept. Device memory is invisible
/// to the garbage collector, so every loop that makes tensors has a scope:
/// <code>using var scope = new TensorScope(); … return scope.Return(result);</code>
/// </summary>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? s_current;

    private readonly TensorScope? _parent = s_current;
    private readonly List<Tensor> _tensors = [];
    private bool _disposed;

    /// <summary>Opens a scope on this thread.</summary>
    public TensorScope() => s_current = this;

    /// <summary>Hands the tensor to the enclosing scope, or to the caller when there is none.</summary>
    public Tensor Return(Tensor tensor)
    {
        Keep(tensor);
        _parent?.Add(tensor);
        return tensor;
    }

    /// <summary>Hands each tensor to the enclosing scope, or to the caller when there is none.</summary>
    public Tensor[] Return(Tensor[] tensors) => Array.ConvertAll(tensors, Return);

    /// <summary>Takes the tensor out of this scope: the caller disposes it.</summary>
    public Tensor Keep(Tensor tensor)
    {
        if (ReferenceEquals(tensor.Scope, this)) tensor.Scope = null;
        return tensor;
    }

    /// <summary>Releases what was made in this scope and not kept.</summary>
    /// <exception cref="InvalidOperationException">An inner scope is still open.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (!ReferenceEquals(s_current, this)) throw new InvalidOperationException("TensorScope: an inner scope is still open.");
        _disposed = true;
        s_current = _parent;
        for (int i = _tensors.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_tensors[i].Scope, this)) _tensors[i].Release("the end of its TensorScope");
        }
    }

    internal static void Register(Tensor tensor) => s_current?.Add(tensor);

    private void Add(Tensor tensor)
    {
        if (ReferenceEquals(tensor.Scope, this)) return;
        tensor.Scope = this;
        _tensors.Add(tensor);
    }
}
