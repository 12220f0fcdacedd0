using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.TestKit.Benchmarks;

/// <summary>Makes the inputs of a benchmark, counts their bytes and releases them.</summary>
public sealed class BenchmarkInputs(Device device, DType type, bool requireGradients = false) : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private ulong _stream;

    /// <summary>The device of the inputs.</summary>
    public Device Device => device;

    /// <summary>The float type of the inputs.</summary>
    public DType Type => type;

    /// <summary>Bytes of all inputs.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Floats, uniform in (0.5, 2).</summary>
    public Tensor Floats(Shape shape) => Leaf(Data(shape));

    /// <summary>As <see cref="Floats"/>, never with a gradient.</summary>
    public Tensor Data(Shape shape) => Own(RandomTensor.Uniform(device, shape, type, new RandomStream(1, _stream++), 0.5, 2));

    /// <summary>A square matrix with a heavy diagonal: well conditioned, and positive definite when it is symmetrised.</summary>
    public Tensor Dominant(long n)
    {
        using TensorScope scope = new();
        Tensor noise = RandomTensor.Uniform(device, [n, n], type, new RandomStream(1, _stream++), 0, 0.5 / n);
        return Leaf(Own(noise + LinearAlgebra.Identity(device, n, type)));
    }

    /// <summary>Int32 numbers in [0, end).</summary>
    public Tensor Integers(Shape shape, int end) => Own(Host(shape, end).ToTensor(device, type));

    /// <summary>Bytes, all values.</summary>
    public Tensor Bytes(Shape shape) => Own((Host(shape, 256) with { Type = DType.UInt8 }).ToTensor(device, type));

    /// <summary>Int32 numbers by position.</summary>
    public Tensor Given(Shape shape, Func<long, int> value)
    {
        int[] values = new int[shape.ElementCount];
        for (int k = 0; k < values.Length; k++) values[k] = value(k);
        return Own(Tensor.From<int>(device, shape, values));
    }

    /// <summary>Checked indices into an axis of that size.</summary>
    public IndexSet Indices(Shape shape, int size) => Own(IndexSet.From(device, shape, Array.ConvertAll(Host(shape, size).Values, x => (int)x), size));

    /// <summary>Every so manyth index of an axis of that size.</summary>
    public IndexSet Rising(int size, int step)
    {
        int[] indices = [.. Enumerable.Range(0, (size + step - 1) / step).Select(k => k * step)];
        return Own(IndexSet.From(device, [indices.Length], indices, size));
    }

    /// <summary>An Int32 tensor of zeros.</summary>
    public Tensor Zeros(Shape shape) => Own(Tensor.Zeros(device, shape, DType.Int32));

    /// <summary>Releases the inputs.</summary>
    public void Dispose() => _owned.ForEach(x => x.Dispose());

    private HostArray Host(Shape shape, int end) => TestData.Indices(shape, end, (int)_stream++);

    private Tensor Leaf(Tensor x) => requireGradients ? x.RequireGradient() : x;

    private IndexSet Own(IndexSet set)
    {
        _owned.Add(set);
        ByteCount += set.Count * sizeof(int);
        return set;
    }

    private Tensor Own(Tensor x)
    {
        x.Scope?.Keep(x);
        _owned.Add(x);
        ByteCount += x.Bytes;
        return x;
    }
}
