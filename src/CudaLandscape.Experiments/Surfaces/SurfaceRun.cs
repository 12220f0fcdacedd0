using CudaLandscape.Experiments.Runs;
using CudaLandscape.Landscape.Paths;
using CudaLandscape.Landscape.Surfaces;
using CudaLandscape.Nn.Checkpoints;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Surfaces;

/// <summary>Measures the points of a surface that are missing in its run folder, then writes the figure.</summary>
internal sealed class SurfaceRun : IDisposable
{
    private readonly SurfaceSettings _settings;
    private readonly RunFolder _folder;
    private readonly ResolvedData _data;
    private readonly GraphModel _model;
    private readonly ParameterSlab _parameters;
    private readonly DeviceSamples _samples;

    public SurfaceRun(SurfaceSettings settings, RunFolder folder, Device device, ResolvedData data)
    {
        (_settings, _folder, _data) = (settings, folder, data);
        _model = settings.CreateModel();
        _parameters = ParameterSlab.Initialize(_model, device, DType.Float32, settings.Initializer, settings.Seed);
        _samples = DeviceSamples.Upload(device, data.Train);
        if (settings.Checkpoint is { } path) Restore(path);
    }

    /// <summary>Measures what is missing; the points before it are kept.</summary>
    /// <exception cref="ArithmeticException">A loss is not finite; the message names the point.</exception>
    public void RunAll(CancellationToken cancellation)
    {
        using TensorScope scope = new();
        Tensor origin = _parameters.Values.Scale(1);
        SurfaceDirections directions = SurfaceDirections.Create(_settings, _model, _parameters, _samples, Other, cancellation);
        ModelLoss loss = new(_model, _parameters, _samples, _settings.Loss);
        LossSurface surface = new(loss, origin, directions.Tensors[0], directions.Tensors.Count > 1 ? directions.Tensors[1] : null);
        (double X, double Y)[] points = [.. Points()];
        using SurfaceTable table = new(_folder.Path("table.csv"), points);
        _folder.Log($"{points.Length} points, {table.Done.Count} of them done before; {_samples.Count} images each");
        ProgressLine progress = ProgressLine.OnStandardError();
        for (int i = table.Done.Count; i < points.Length; i++)
        {
            progress.Show($"point {i + 1} of {points.Length}");
            table.Add(points[i], surface.At(points[i].X, points[i].Y, cancellation));
        }

        progress.Clear();
        SurfaceReport report = new(_settings, directions.Descriptions, table.Done, _data.Train.Description);
        RunFigures.Write(_folder, "surface", report.ToFigure());
        _folder.Write("table.md", report.ToMarkdown());
        Console.Write(report.ToMarkdown());
        Console.WriteLine($"results: {_folder.FullPath}");
    }

    public void Dispose()
    {
        _samples.Dispose();
        _parameters.Dispose();
    }

    private IEnumerable<(double X, double Y)> Points()
    {
        double[] grid = _settings.Grid, outer = _settings.Dimensions == 2 ? grid : [0];
        return outer.SelectMany(y => grid.Select(x => (x, y)));
    }

    // The parameters of another checkpoint; the model is left at the origin.
    private Tensor Other(string path)
    {
        using TensorScope scope = new();
        Tensor origin = _parameters.Values.Scale(1);
        Restore(path);
        Tensor other = _parameters.Values.Scale(1);
        _parameters.Values.CopyFrom(origin);
        return scope.Return(other);
    }

    private void Restore(string path) => Checkpoint.RestoreNetwork(SafetensorsReader.Read(path).Tensors, _parameters.State);
}
