using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// Chosen neurons of a layer, side by side: x[N,…], y[N, number chosen], y[n, k] = x[n, positions[k]] with samples flattened.
/// Its gradient is scattered back in a fixed order. The positions are brought to the device once, by <see cref="Upload"/>.
/// </summary>
public sealed class NeuronGather : Module, IDisposable
{
    private readonly int[] _positions;
    private readonly long _size;
    private IndexSet? _set;

    /// <summary>Declares the choice from samples of <paramref name="size"/> neurons.</summary>
    /// <exception cref="ArgumentException">A position is outside a sample.</exception>
    public NeuronGather(IReadOnlyList<int> positions, long size)
    {
        (_positions, _size) = ([.. positions], size);
        foreach (int position in _positions)
        {
            if (position < 0 || position >= size)
                throw new ArgumentException($"gather: position {position} is outside a sample of {size} neurons.");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <summary>Number of chosen neurons.</summary>
    public int Count => _positions.Length;

    /// <summary>Bytes of the list of positions on the device; 0 before <see cref="Upload"/>.</summary>
    public long IndexBytes => _set?.Bytes ?? 0;

    /// <summary>The positions on the device.</summary>
    /// <exception cref="InvalidOperationException">The positions were not uploaded.</exception>
    internal IndexSet Indices => _set ?? throw new InvalidOperationException("The chosen neurons are on no device; upload them first.");

    /// <summary>Brings the positions to a device; what was on another is released.</summary>
    public void Upload(Device device)
    {
        Dispose();
        _set = IndexSet.From(device, [_positions.Length], _positions, _size);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The positions were not uploaded.</exception>
    public override Tensor Forward(Tensor x)
    {
        IndexSet set = Indices;
        using TensorScope scope = new();
        return scope.Return(x.Reshape([x.Shape[0], _size]).Gather(set));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.ElementCount == _size
        ? [_positions.Length]
        : throw new ArgumentException($"gather: expects samples of {_size} neurons, got {input}.");

    /// <summary>Releases the positions on the device.</summary>
    public void Dispose()
    {
        _set?.Dispose();
        _set = null;
    }
}
