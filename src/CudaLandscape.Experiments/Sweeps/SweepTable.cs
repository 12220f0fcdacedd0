using CudaLandscape.Experiments.Runs;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>A table whose trainings are spread over processes.</summary>
/// <param name="Experiment">The whole table's experiment.</param>
/// <param name="Data">The images of all its units.</param>
internal sealed record SweepTable(Experiment Experiment, SweepData Data)
{
    /// <summary>Loads the images of an experiment, so that every unit can be held to the same.</summary>
    public static SweepTable Of(Experiment experiment)
    {
        ResolvedData data = experiment.Load();
        string? folder = DataSource.ChooseFolder(experiment.Data, Environment.GetEnvironmentVariable(DataSource.Variable));
        return new SweepTable(experiment, new SweepData
        {
            Description = data.Description,
            Folder = folder is null ? null : Path.GetFullPath(folder),
            Sha256 = ExperimentLaunch.HashOf(data),
        });
    }

    /// <summary>Reads its entry of a plan.</summary>
    /// <exception cref="ArgumentException">This version knows no such experiment, or reads other settings from its command line.</exception>
    public static SweepTable Of(string plan, SweepPlanFile.TableEntry entry)
    {
        Experiment experiment = KnownExperiments.Parse(plan, entry.Experiment, entry.Arguments);
        RunAgreement.RequireSame(plan, entry.Settings, experiment.Settings);
        return new SweepTable(experiment, entry.Data);
    }

    /// <summary>Its entry of a plan.</summary>
    public SweepPlanFile.TableEntry ToEntry() => new()
    {
        Experiment = Experiment.Name,
        Arguments = Experiment.Arguments,
        Settings = Experiment.Settings,
        Data = Data,
    };
}
