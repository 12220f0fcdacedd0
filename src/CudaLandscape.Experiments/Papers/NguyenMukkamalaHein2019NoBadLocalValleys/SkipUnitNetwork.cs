using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>The network of one unit, with its skip connections where it has any, drawn from the unit's seed.</summary>
internal sealed class SkipUnitNetwork : IDisposable
{
    public SkipUnitNetwork(SkipSettings settings, SkipUnit unit, Device device, DType type)
    {
        GraphModel basis = settings.CreateNetwork(unit);
        if (unit.Variant != SkipVariant.Plain)
        {
            NeuronPool pool = SkipSettings.PoolOf(basis);
            Skip = new SkipNetwork(basis, pool, settings.Connections, unit.Seed);
            Skip.Upload(device);
            PoolCount = pool.Count;
        }

        Model = Skip ?? basis;
        Parameters = ParameterSlab.Initialize(Model, device, type, settings.Initializer, unit.Seed);
    }

    public GraphModel Model { get; }

    /// <summary>The same network, where it has skip connections.</summary>
    public SkipNetwork? Skip { get; }

    /// <summary>Neurons the skip connections were drawn from.</summary>
    public long PoolCount { get; }

    public ParameterSlab Parameters { get; }

    /// <summary>The network layer by layer in one line; a checkpoint fits only the same.</summary>
    public string Description => string.Join("; ", ModelDescription.Of(Model, Model.InputShape).Layers
        .Select(l => $"{l.Name} {l.Kind} {string.Join(' ', l.Inputs)} -> {l.Output}, {l.Parameters} parameters"));

    public void Dispose()
    {
        Parameters.Dispose();
        Skip?.Dispose();
    }
}
