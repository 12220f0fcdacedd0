using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;

/// <summary>The Figure 1 network of one row, in the training precision and, for its features, in float64.</summary>
internal sealed class Table2Network : IDisposable
{
    /// <summary>
    /// Standard deviation over the samples below which a feature counts as constant: the unit is saturated for all of them. Probably such units
    /// made the paper's σ_min(F3) of 4.9e-18 and 8.5e-27.
    /// </summary>
    public const double ConstantBelow = 1e-12;

    // Enough to know ρ to a percent.
    private const int RoundingSamples = 1000;

    private readonly Table2Settings _settings;
    private readonly int _t1;

    public Table2Network(Table2Settings settings, int t1, Device device)
    {
        (_settings, _t1) = (settings, t1);
        Model = new Figure1Network(t1, settings.Conv2, settings.Bias);
        Parameters = ParameterSlab.Initialize(Model, device, DType.Float32, settings.Initializer, settings.Seed);
    }

    public Figure1Network Model { get; }

    public ParameterSlab Parameters { get; }

    /// <summary>The network layer by layer in one line; a checkpoint fits only the same.</summary>
    public string Description => string.Join("; ", ModelDescription.Of(Model, Model.InputShape).Layers
        .Select(l => $"{l.Name} {l.Kind} {string.Join(' ', l.Inputs)} -> {l.Output}, {l.Parameters} parameters"));

    public long ParameterCount => Model.ParameterCount;

    /// <summary>Takes the parameters of a checkpoint; the optimizer's state in it is left out.</summary>
    /// <exception cref="ArgumentException">It is of another network.</exception>
    public void Restore(Checkpoint checkpoint) => Checkpoint.RestoreNetwork(checkpoint.Tensors, Parameters.State);

    /// <summary>
    /// Rank of F1 or F3 over all samples, the forward pass in the given precision, with a witness of σ_min. Weights and inputs are
    /// float32 numbers, so both precisions see the same network and the same images. R is kept where <paramref name="kept"/> says.
    /// </summary>
    /// <exception cref="Interop.DeviceOutOfMemoryException">The matrix and the workspace do not fit; nothing was computed.</exception>
    public RankFinding Rank(
        string layer, DType type, DeviceSamples samples, ulong seed, KeptFactor? kept, Action<string> log, CancellationToken cancellation)
    {
        using Table2Features features = Features(layer, type);
        string name = $"T1 = {_t1}: {layer.ToUpperInvariant()} [{samples.Count}, {features.Width}] {type}";
        return new FeatureRank(name, samples, features.Width, features.Of, type, seed, log, cancellation).Find(kept);
    }

    /// <summary>ρ of a layer's features computed in float32, from the first samples.</summary>
    public RoundingError Rounding(string layer, DeviceSamples samples, CancellationToken cancellation)
    {
        using Table2Features exact = Features(layer, DType.Float64), single = Features(layer, DType.Float32);
        return RoundingError.Of(samples, x => exact.Of(x.Cast(DType.Float64)), single.Of, RoundingSamples, cancellation);
    }

    /// <summary>Columns of a layer's float64 features whose standard deviation over the samples is below <see cref="ConstantBelow"/>.</summary>
    public int ConstantColumns(string layer, DeviceSamples samples, CancellationToken cancellation)
    {
        using Table2Features exact = Features(layer, DType.Float64);
        return ColumnDeviation.Of(samples, exact.Width, exact.Of, DType.Float64, cancellation).Count(deviation => deviation < ConstantBelow);
    }

    /// <summary>The features of a layer in a precision; released by the caller.</summary>
    public Table2Features Features(string layer, DType type)
    {
        Figure1Network model = new(_t1, _settings.Conv2, _settings.Bias);
        ParameterSlab parameters = ParameterSlab.Convert(Parameters, model, type);
        return layer == "f1"
            ? new Table2Features(parameters, model.Width1, model.Features1)
            : new Table2Features(parameters, Figure1Network.Width3, model.Features3);
    }

    public void Dispose() => Parameters.Dispose();
}
