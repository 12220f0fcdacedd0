using CudaLandscape.Landscape.Rank;
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

    /// <summary>
    /// Rank of F1 or F3 over all samples, the forward pass in the given precision. Weights and inputs are float32 numbers, so
    /// both precisions see the same network and the same images.
    /// </summary>
    public RankResult Rank(
        string layer, DType type, DeviceSamples samples, ulong seed, Action<string> log, CancellationToken cancellation)
    {
        Figure1Network model = new(_t1, _settings.Conv2, _settings.Bias);
        using ParameterSlab parameters = ParameterSlab.Convert(Parameters, model, type);
        long width = layer == "f1" ? model.Width1 : Figure1Network.Width3;
        string name = $"T1 = {_t1}: {layer.ToUpperInvariant()} [{samples.Count}, {width}] {type}";
        log($"{name}: {FeatureMatrix.Bytes(samples.Count, width) / 1e9:F2} GB");
        using Tensor matrix = FeatureMatrix.Build(
            samples, width, layer == "f1" ? model.Features1 : model.Features3, type, cancellation);
        RankResult result = Tensors.Linalg.Rank.OfInPlace(matrix, samples.Count, width, seed, phase =>
        {
            cancellation.ThrowIfCancellationRequested();
            log($"{name}: {phase}");
        });
        log($"{name}: rank {result.RankText} of {result.FullRank}, σ_min {result.SigmaMin:E2}, threshold {result.Threshold:E2}");
        return result;
    }

    public void Dispose() => Parameters.Dispose();
}
