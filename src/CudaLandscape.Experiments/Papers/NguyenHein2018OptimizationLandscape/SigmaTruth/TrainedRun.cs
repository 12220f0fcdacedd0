using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Checkpoints;

namespace CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

/// <summary>Networks that a run of table2 has trained.</summary>
internal sealed class TrainedRun
{
    private readonly RunRecord _record;

    private TrainedRun(RunRecord record, Table2Settings settings) => (_record, Settings) = (record, settings);

    /// <summary>What the networks were trained with.</summary>
    public Table2Settings Settings { get; }

    /// <summary>What tells the run from others: its settings and images.</summary>
    public string Identity => $"{_record.SettingsHash} {_record.DataHash}";

    /// <summary>Opens the run of a folder, which is only read.</summary>
    /// <exception cref="ArgumentException">It is no run of table2 that trained networks.</exception>
    /// <exception cref="Nn.Data.DataFileException">There is no run.json, or it is damaged.</exception>
    public static TrainedRun Open(string folder)
    {
        RunRecord record = RunRecord.Read(folder);
        if (record.Experiment != Table2Experiment.Title)
            throw new ArgumentException($"--trained {folder}: it is a run of {record.Experiment}; name one of {Table2Experiment.Title}.");
        Table2Settings settings = Table2Command.Parse(record.Arguments);
        return settings.Trained && record.DataHash is not null ? new TrainedRun(record, settings)
            : throw new ArgumentException($"--trained {folder}: that run trains no network; name one without --weights random.");
    }

    /// <summary>Refuses a T1 that the run does not have.</summary>
    /// <exception cref="ArgumentException">It does not have it; the message names those it has.</exception>
    public void Require(int t1)
    {
        if (!Settings.T1.Contains(t1))
            throw new ArgumentException($"--trained {_record.Folder} has networks of T1 = {string.Join(',', Settings.T1)}, not {t1}; say --t1.");
    }

    /// <summary>Gives a network of <see cref="Settings"/> its trained weights, those of the reading of the noise where the run has it.</summary>
    /// <exception cref="ArgumentException">It is not trained to the end.</exception>
    public void Restore(Table2Network network, NoiseReading noise, Action<string> log)
    {
        int t1 = network.Model.T1;
        NoiseReading reading = Settings.Noise.Contains(noise) ? noise : Settings.Noise[0];
        string images = (string)_record.Json["data"]!["train_sha256"]!;
        Checkpoint? checkpoint = Table2RowFolder.Checkpoints(_record.Folder, reading, t1, Settings, network, images, log).Load();
        if (checkpoint is null || checkpoint.Cursor.Epoch <= Settings.Epochs)
            throw new ArgumentException(
                $"--trained {_record.Folder}: T1 = {t1} has {(checkpoint is null ? "no checkpoint" : $"a checkpoint of {checkpoint.Cursor} only")}; let that run end first.");
        network.Restore(checkpoint);
        log($"T1 = {t1}: weights of {_record.Folder}, trained on {Settings.Samples} images with noise {Table2Settings.Name(reading)}");
    }
}
