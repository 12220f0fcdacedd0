using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors;

/// <summary>
/// An n-dimensional array in device memory, contiguous with the last axis fastest. A tensor is a handle: handles, views and
/// the tape share storage by reference count. Operations live in <see cref="Ops.TensorOps"/>.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private readonly Storage? _storage;
    private readonly long _offsetBytes;
    private string? _releasedBy;

    internal Tensor(Device device, Storage? storage, long offsetBytes, Shape shape, DType type, string name, Node? node = null)
    {
        Device = device;
        _storage = storage;
        _offsetBytes = offsetBytes;
        Shape = shape;
        DType = type;
        Name = name;
        Node = node?.Retain();
        TensorScope.Register(this);
    }

    /// <summary>The device that holds the elements.</summary>
    public Device Device { get; }

    /// <summary>Sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>What made it: an op's name or the name given by the caller; used in messages.</summary>
    public string Name { get; set; }

    /// <summary>Number of elements.</summary>
    public long ElementCount => Shape.ElementCount;

    /// <summary>Bytes of the elements.</summary>
    public long Bytes => ElementCount * DType.SizeBytes();

    /// <summary>True when gradients can flow to this tensor.</summary>
    public bool RequiresGradient => Node is not null;

    /// <summary>Device address of the first element; 0 for a tensor without elements.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was released.</exception>
    public ulong Address
    {
        get
        {
            ThrowIfReleased();
            return _storage is null ? 0 : _storage.Address + (ulong)_offsetBytes;
        }
    }

    /// <summary>Whether no other handle, view or tape has this tensor's memory.</summary>
    internal bool IsSoleOwner => _storage is { HasOneOwner: true };

    internal Node? Node { get; private set; }

    internal TensorScope? Scope { get; set; }

    /// <summary>Op or given name, shape and type, such as <c>matmul [128,10] Float32</c>.</summary>
    public override string ToString() => $"{Name} {Shape} {DType}";

    /// <summary>Releases this handle; the memory is free once no view and no tape needs it.</summary>
    public void Dispose() => Release("Dispose");

    /// <summary>Makes this tensor a leaf that gradients are taken with respect to.</summary>
    /// <exception cref="InvalidOperationException">It is the result of an op, or not of a float type.</exception>
    public Tensor RequireGradient()
    {
        ThrowIfReleased();
        if (!DType.IsFloat()) throw new InvalidOperationException($"{this}: only float tensors have gradients; Cast it first.");
        if (Node is { IsLeaf: false }) throw new InvalidOperationException($"{this} is an op's result; Detach it first.");
        Node ??= Node.Leaf();
        return this;
    }

    /// <summary>The same elements under another shape of equal element count, without a gradient path.</summary>
    public Tensor Detach() => View(Shape, 0, Name, null);

    /// <summary>A view of <paramref name="shape"/> elements starting at element <paramref name="offset"/>, no gradient path.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The view would reach outside this tensor.</exception>
    public Tensor Slab(long offset, Shape shape, string name)
    {
        if (offset < 0 || shape.ElementCount > ElementCount - offset)
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"A view of {shape} at element {offset} does not fit into {this} ({ElementCount} elements).");
        return View(shape, offset, name, null);
    }

    internal Tensor View(Shape shape, long offset, string name, Node? node)
    {
        ThrowIfReleased();
        return new Tensor(
            Device, _storage?.Retain(), _offsetBytes + offset * DType.SizeBytes(), shape, DType, name, node);
    }

    internal void AttachNode(Node node)
    {
        Node?.Release();
        Node = node;
    }

    internal void Release(string by)
    {
        if (_releasedBy is not null) return;
        _releasedBy = by;
        Scope = null;
        _storage?.Release();
        Node?.Release();
        Node = null;
    }

    internal void ThrowIfReleased()
    {
        if (_releasedBy is not null)
            throw new ObjectDisposedException(ToString(), $"Tensor {this} was released by {_releasedBy}; keep or return it to use it.");
    }
}
