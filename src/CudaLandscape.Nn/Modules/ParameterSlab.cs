using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Nn.Modules;

/// <summary>
/// All parameters of a model in one flat tensor, so that an optimizer step is one kernel. Each parameter is a view that begins
/// at a multiple of 64 elements.
/// </summary>
public sealed class ParameterSlab : IDisposable
{
    private const long Alignment = 64;
    private readonly long[] _offsets;
    private readonly Tensor?[] _tensors;

    private ParameterSlab(IReadOnlyList<Parameter> parameters, Device device, DType type)
    {
        Parameters = parameters;
        _offsets = new long[parameters.Count];
        _tensors = new Tensor?[parameters.Count];
        long end = 0;
        for (int i = 0; i < _offsets.Length; i++)
        {
            _offsets[i] = end;
            end += (parameters[i].Shape.ElementCount + Alignment - 1) / Alignment * Alignment;
        }

        using TensorScope scope = new();
        Values = scope.Keep(Tensor.Zeros(device, [end], type, "parameters"));
    }

    /// <summary>The parameters in order.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>All values, with zeros between the parameters.</summary>
    public Tensor Values { get; }

    /// <summary>The parameters as tensors.</summary>
    public Tensor[] Tensors => [.. Parameters.Select(p => p.Value)];

    /// <summary>
    /// Allocates and draws the parameters of a model. Parameter i draws from stream i of the seed, in float64 rounded to the
    /// type, so that all types start from the same network.
    /// </summary>
    public static ParameterSlab Initialize(Module model, Device device, DType type, Initializer initializer, ulong seed)
    {
        ParameterSlab slab = new(model.Parameters, device, type);
        return slab.FilledBy(() =>
        {
            for (int i = 0; i < slab.Parameters.Count; i++)
            {
                using TensorScope scope = new();
                Parameter p = slab.Parameters[i];
                RandomStream stream = new(seed, (ulong)i);
                Tensor drawn = p.IsBias
                    ? initializer.Biases(device, p.Shape, type, stream)
                    : initializer.Weights(device, p.Shape, type, stream, p.FanIn, p.FanOut);
                slab.Bind(i, scope).CopyFrom(drawn);
            }
        });
    }

    /// <summary>A copy of another model's parameters, converted to a type: the same network in another precision.</summary>
    /// <exception cref="ArgumentException">The models have other parameters.</exception>
    public static ParameterSlab Convert(ParameterSlab source, Module model, DType type)
    {
        bool same = source.Parameters.Count == model.Parameters.Count
            && source.Parameters.Zip(model.Parameters).All(p => p.First.Name == p.Second.Name && p.First.Shape == p.Second.Shape);
        if (!same) throw new ArgumentException("ParameterSlab.Convert: the models' parameters differ in name, shape or number.");
        ParameterSlab slab = new(model.Parameters, source.Values.Device, type);
        return slab.FilledBy(() =>
        {
            using TensorScope scope = new();
            slab.Values.CopyFrom(source.Values.Cast(type));
            for (int i = 0; i < slab.Parameters.Count; i++) slab.Bind(i, scope);
        });
    }

    /// <summary>Copies one tensor per parameter into a flat tensor laid out like <see cref="Values"/>.</summary>
    public void Flatten(IReadOnlyList<Tensor> tensors, Tensor flat)
    {
        using TensorScope scope = new();
        for (int i = 0; i < _offsets.Length; i++) flat.Slab(_offsets[i], Parameters[i].Shape, "part").CopyFrom(tensors[i]);
    }

    /// <summary>Releases the parameters' tensors of this slab; a model that was initialized again keeps its newer ones.</summary>
    public void Dispose()
    {
        foreach (Tensor? tensor in _tensors) tensor?.Dispose();
        Values.Dispose();
    }

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

    private Tensor Bind(int i, TensorScope scope)
    {
        Parameter p = Parameters[i];
        return p.Value = _tensors[i] = scope.Keep(Values.Slab(_offsets[i], p.Shape, p.Name).RequireGradient());
    }
}
