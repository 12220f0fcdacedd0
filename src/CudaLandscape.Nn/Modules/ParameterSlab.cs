using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// All parameters of a model in one flat tensor, so that an optimizer step is one kernel. Each parameter is a view that begins
/// at a multiple of 64 elements. The model's buffers are allocated and released with it, each a tensor of its own.
/// </summary>
public sealed class ParameterSlab : IDisposable
{
    private const long Alignment = 64;
    private readonly long[] _offsets;
    private readonly Tensor[] _buffers;
    private readonly Tensor?[] _views;

    private ParameterSlab(Module model, Device device, DType type)
    {
        IReadOnlyList<Parameter> parameters = Parameters = model.Parameters;
        _offsets = new long[parameters.Count];
        _views = new Tensor?[parameters.Count];
        long end = 0;
        for (int i = 0; i < _offsets.Length; i++)
        {
            _offsets[i] = end;
            end += (parameters[i].Shape.ElementCount + Alignment - 1) / Alignment * Alignment;
        }

        using TensorScope scope = new();
        Values = Tensor.Zeros(device, [end], type, "parameters");
        _buffers = [.. model.Buffers.Select(buffer => buffer.Allocate(device, type))];
        foreach (Tensor tensor in (Tensor[])[Values, .. _buffers]) scope.Keep(tensor);
    }

    private ParameterSlab(IReadOnlyList<ParameterSlab> slabs)
    {
        Parameters = [.. slabs.SelectMany((slab, n) =>
            slab.Parameters.Select(p => new Parameter { Name = $"{n}.{p.Name}", Shape = p.Shape }))];
        long[] starts = Starts(slabs);
        _offsets = [.. slabs.SelectMany((slab, n) => slab._offsets.Select(offset => starts[n] + offset))];
        _buffers = [];
        _views = new Tensor?[_offsets.Length];
        Values = Tensor.Zeros(slabs[0].Values.Device, [slabs.Sum(s => s.Values.ElementCount)], slabs[0].Values.DType, "parameters");
    }

    /// <summary>The parameters in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All values, with zeros between the parameters.</summary>
    public Tensor Values { get; }

    /// <summary>This slab's parameters as tensors.</summary>
    public Tensor[] Tensors => [.. _views.Select(view => view!)];

    /// <summary>Parameters and buffers with the names PyTorch gives them.</summary>
    public IReadOnlyList<StateTensor> State =>
        [.. Parameters.Zip(Tensors, (p, t) => new StateTensor(p.Name, t)), .. _buffers.Select(b => new StateTensor(b.Name, b))];

    /// <summary>
    /// Allocates and draws the parameters of a model. Parameter i draws from stream i of the seed, in float64 rounded to the
    /// type, so that all types start from the same network.
    /// </summary>
    public static ParameterSlab Initialize(Module model, Device device, DType type, Initializer initializer, ulong seed)
    {
        ParameterSlab slab = new(model, device, type);
        return slab.FilledBy(() =>
        {
            for (int i = 0; i < slab.Parameters.Count; i++)
            {
                using TensorScope scope = new();
                slab.Bind(i, scope).CopyFrom(Draw(slab.Parameters[i], device, type, initializer, new RandomStream(seed, (ulong)i)));
            }
        });
    }

    /// <summary>
    /// A copy of another model's parameters and buffers, converted to a type: the same network in another precision.
    /// </summary>
    /// <exception cref="ArgumentException">The models have other parameters or buffers.</exception>
    public static ParameterSlab Convert(ParameterSlab source, Module model, DType type)
    {
        bool same = source.Parameters.Count == model.Parameters.Count
            && source.Parameters.Zip(model.Parameters).All(p => p.First.Name == p.Second.Name && p.First.Shape == p.Second.Shape)
            && source._buffers.Select(b => (b.Name, b.Shape)).SequenceEqual(model.Buffers.Select(b => (b.Name, b.Shape)));
        if (!same)
            throw new ArgumentException("ParameterSlab.Convert: the models' parameters or buffers differ in name, shape or number.");
        ParameterSlab slab = new(model, source.Values.Device, type);
        return slab.FilledBy(() =>
        {
            using TensorScope scope = new();
            slab.Values.CopyFrom(source.Values.Cast(type));
            for (int i = 0; i < slab.Parameters.Count; i++) slab.Bind(i, scope);
            for (int i = 0; i < slab._buffers.Length; i++)
                slab._buffers[i].CopyFrom(source._buffers[i].Cast(slab._buffers[i].DType));
        });
    }

    /// <summary>
    /// The parameters of several slabs, one slab after the other, copied into one; parameter p of slab n is called <c>n.p</c>.
    /// </summary>
    /// <exception cref="ArgumentException">Device or type differ, or a slab has buffers, whose place is with their model.</exception>
    internal static ParameterSlab Join(IReadOnlyList<ParameterSlab> slabs)
    {
        Tensor first = slabs[0].Values;
        if (slabs.Any(s => s.Values.Device != first.Device || s.Values.DType != first.DType || s._buffers.Length > 0))
            throw new ArgumentException("ParameterSlab.Join: expects slabs of one device and one type, without buffers.");
        ParameterSlab joined = new(slabs);
        return joined.FilledBy(() =>
        {
            using TensorScope scope = new();
            joined.EachPart(slabs, (part, slab) => part.CopyFrom(slab.Values));
            for (int i = 0; i < joined._views.Length; i++) joined.Bind(i, scope);
        });
    }

    /// <summary>Copies a joined slab's values back to the slabs it was made of.</summary>
    internal void CopyTo(IReadOnlyList<ParameterSlab> slabs) => EachPart(slabs, (part, slab) => slab.Values.CopyFrom(part));

    /// <summary>Where parameter i begins in <see cref="Values"/>, in elements.</summary>
    internal long Offset(int i) => _offsets[i];

    /// <summary>Copies one tensor per parameter into a flat tensor laid out like <see cref="Values"/>.</summary>
    public void Flatten(IReadOnlyList<Tensor> tensors, Tensor flat)
    {
        using TensorScope scope = new();
        for (int i = 0; i < _offsets.Length; i++) flat.Slab(_offsets[i], Parameters[i].Shape, "part").CopyFrom(tensors[i]);
    }

    /// <summary>The parts, one per parameter, of a flat tensor laid out like <see cref="Values"/>, as views.</summary>
    public Tensor[] Split(Tensor flat) => [.. Parameters.Select((p, i) => flat.Slab(_offsets[i], p.Shape, p.Name))];

    /// <summary>Releases the parameters and buffers.</summary>
    public void Dispose()
    {
        // Its own views: the parameters may have been given others since.
        foreach (Tensor? view in _views) view?.Dispose();
        foreach (Tensor buffer in _buffers) buffer.Dispose();
        Values.Dispose();
    }

    private static Tensor Draw(Parameter p, Device device, DType type, Initializer initializer, RandomStream stream) =>
        p.FirstValue is { } value ? Tensor.Full(device, p.Shape, type, value)
        : p.IsBias ? initializer.Biases(device, p.Shape, type, stream)
        : initializer.Weights(device, p.Shape, type, stream, p.FanIn, p.FanOut);

    private ParameterSlab FilledBy(Action fill)
    {
        try
        {
            fill();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static long[] Starts(IReadOnlyList<ParameterSlab> slabs)
    {
        long[] starts = new long[slabs.Count];
        for (int n = 1; n < starts.Length; n++) starts[n] = starts[n - 1] + slabs[n - 1].Values.ElementCount;
        return starts;
    }

    private void EachPart(IReadOnlyList<ParameterSlab> slabs, Action<Tensor, ParameterSlab> visit)
    {
        long[] starts = Starts(slabs);
        for (int n = 0; n < starts.Length; n++)
        {
            using TensorScope scope = new();
            visit(Values.Slab(starts[n], slabs[n].Values.Shape, "part"), slabs[n]);
        }
    }

    private Tensor Bind(int i, TensorScope scope)
    {
        Parameter p = Parameters[i];
        return p.Value = _views[i] = scope.Keep(Values.Slab(_offsets[i], p.Shape, p.Name).RequireGradient());
    }
}
