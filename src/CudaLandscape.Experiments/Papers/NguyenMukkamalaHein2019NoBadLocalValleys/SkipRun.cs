using System.Globalization;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>Runs Table 1 or 2 unit by unit. Units that an earlier process finished stay; one that fails does not stop the others.</summary>
internal sealed class SkipRun(SkipSettings settings, RunFolder folder, Device device, CancellationToken cancellation)
{
    private readonly SkipUnit[] _units = [.. settings.Units];
    private readonly OrderedDictionary<SkipUnit, SkipResult> _results = [];
    private ExitCode _code = ExitCode.Ok;

    /// <summary>Measures what is missing and writes the table.</summary>
    /// <returns>Ok, or the code of the first failure.</returns>
    public ExitCode RunAll(ResolvedData data)
    {
        foreach (SkipUnit unit in _units) _results[unit] = new SkipUnitFolder(folder, unit).Load();
        using DeviceSamples train = DeviceSamples.UploadBytes(device, data.Train), test = DeviceSamples.UploadBytes(device, data.Test);
        foreach (SkipUnit unit in _units)
        {
            if (_results[unit].IsDone) folder.Log($"{unit.Name}: done before");
            else Run(unit, train, test, data.Train.Sha256);
            folder.Write("metrics.csv", SkipMetrics.ToCsv(settings, _results));
        }

        SkipReport report = new(settings, _results, data.Description, device.Id.ToString());
        folder.Write("table.md", report.ToMarkdown());
        report.Print();
        Console.WriteLine($"results: {folder.FullPath}");
        return _code;
    }

    private void Run(SkipUnit unit, DeviceSamples train, DeviceSamples test, string trainSha256)
    {
        try
        {
            SkipResult result = _results[unit] = new SkipUnitRun(settings, folder, device, unit, trainSha256, cancellation).Run(train, test);
            folder.Log(string.Create(
                CultureInfo.InvariantCulture,
                $"{unit.Name}: {result.TrainErrors} train errors, test accuracy {result.TestAccuracy:F2} %, {result.TrainSeconds:F1} s, peak {result.PeakBytes / 1e6:F0} MB"));
        }
        catch (Exception e) when (Application.CodeOf(e) is { } code and (ExitCode.OutOfMemory or ExitCode.Numeric))
        {
            if (_code == ExitCode.Ok) _code = code;
            _results[unit] = new SkipResult { Unit = unit.Name, Problem = e.Message };
            folder.Log($"{unit.Name}: failed. {e.Message}");
        }

        new SkipUnitFolder(folder, unit).Save(_results[unit]);
    }
}
