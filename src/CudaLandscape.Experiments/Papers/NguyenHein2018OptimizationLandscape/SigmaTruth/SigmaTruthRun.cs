using System.Text.Json;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>Runs sigma-truth cell by cell. What an earlier process measured stays.</summary>
internal sealed class SigmaTruthRun(SigmaTruthSettings settings, RunFolder folder, Device device, CancellationToken cancellation)
{
    private readonly List<(SigmaTruthCell Cell, SigmaTruthResult Result)> _cells = [];

    /// <summary>Measures what is missing and writes the tables and conclusions.</summary>
    /// <returns>Whether every part of the table is there.</returns>
    public bool RunAll(ResolvedData data)
    {
        List<PatchSurvey> patches = [];
        foreach (int n in settings.Samples) patches.Add(Patches(data.Train.Take(n)));
        SigmaTruthReport report = new(settings, _cells, patches, data.Description, device.Id.ToString());
        foreach (IGrouping<(NoiseReading Noise, int Samples), SigmaTruthCell> group in settings.Cells.GroupBy(c => (c.Noise, c.Samples)))
        {
            ImageSet images = data.Train.Take(group.Key.Samples);
            using DeviceSamples samples = Table2Run.Upload(device, images, group.Key.Noise, settings.Seed);
            foreach (SigmaTruthCell cell in group)
            {
                Run(cell, samples, images.Sha256);
                folder.Write("table.md", report.ToMarkdown());
            }
        }

        folder.Write("paper.csv", PaperColumn.ToCsv());
        SigmaTruthFigures.Write(folder, _cells);
        report.Print();
        Console.WriteLine($"results: {folder.FullPath}");
        return _cells.TrueForAll(c => c.Result.IsComplete(settings));
    }

    private PatchSurvey Patches(ImageSet images)
    {
        cancellation.ThrowIfCancellationRequested();
        string name = $"patches_n-{images.Count}.json";
        if (Read(name, PatchSurvey.FromJson) is { } kept) return kept;
        PatchSurvey survey = PatchSurvey.Of(images, reading => Table2Run.Upload(device, images, reading, settings.Seed));
        folder.Write(name, survey.ToJson());
        return survey;
    }

    private void Run(SigmaTruthCell cell, DeviceSamples images, string imagesSha256)
    {
        string path = $"cells/{cell.Name}";
        SigmaTruthResult result = Read($"{path}/cell.json", SigmaTruthResult.FromJson) ?? new SigmaTruthResult();
        _cells.Add((cell, result));
        if (result.IsComplete(settings)) folder.Log($"{cell.Name}: done before");
        else new SigmaTruthCellRun(settings, folder, device, cell, result, Save, cancellation).Run(images, imagesSha256);
        SaveTable();

        void Save()
        {
            Directory.CreateDirectory(folder.Path(path));
            folder.Write($"{path}/cell.json", result.ToJson());
            SaveTable();
        }
    }

    private void SaveTable() => folder.Write("table.csv", SigmaTruthMetrics.ToCsv(_cells));

    // What an earlier process left; damaged files are measured again.
    private T? Read<T>(string name, Func<string, T> parse)
        where T : class
    {
        try
        {
            return File.Exists(folder.Path(name)) ? parse(File.ReadAllText(folder.Path(name))) : null;
        }
        catch (JsonException e)
        {
            folder.Log($"warning: {folder.Path(name)} is damaged ({e.Message}); what it held is measured again.");
            return null;
        }
    }
}
