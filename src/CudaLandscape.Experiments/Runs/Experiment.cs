using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Nn.Data;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Runs;

/// <summary>An experiment with all its settings, as <see cref="ExperimentLaunch"/> runs it.</summary>
internal abstract class Experiment(ExperimentSettings settings)
{
    /// <summary>Name in run.json and of the command.</summary>
    public abstract string Name { get; }

    /// <summary>The settings that determine the result, for run.json and its hash.</summary>
    public JsonObject Settings => settings.ToJson();

    /// <summary>The command line the settings were read from.</summary>
    public IReadOnlyList<string> Arguments => settings.Arguments;

    /// <summary>Folder for the run folder.</summary>
    public string Out => settings.Out;

    /// <summary>Folder with the data as it was named, or null.</summary>
    public string? Data => settings.Data;

    /// <summary>Name of the device, or null for the machine's.</summary>
    public string? DeviceName => settings.Device;

    /// <summary>Begins another run even where one with these settings is done or unfinished.</summary>
    public bool StartsAnew => settings.StartsAnew;

    /// <summary>What a repetition gives, for run.json.</summary>
    public abstract string Determinism { get; }

    /// <summary>The same experiment with data or device elsewhere; null keeps what was named.</summary>
    public abstract Experiment At(string? data, string? device);

    /// <summary>Requires that what a run of other settings of this experiment measured is part of what these settings ask for.</summary>
    /// <exception cref="ArgumentException">It is not; the message names the first setting that differs and those that may.</exception>
    public virtual void RequireExtends(Experiment before) =>
        throw new ArgumentException($"extend: a run of {Name} is of its settings alone; begin another run.");

    /// <summary>Names of the trainings behind its table that do not depend on each other; one that cannot be divided is its own only unit.</summary>
    public virtual IReadOnlyList<string> Units => [Name];

    /// <summary>The experiment that consists of one of its <see cref="Units"/>, with its own settings and command line.</summary>
    public virtual Experiment Only(string unit) => this;

    /// <summary>Its table from the results of runs, which may be of some of its units, or of more.</summary>
    /// <exception cref="ArgumentException">The runs do not belong together, the message says in what they differ; or the experiment has no such table.</exception>
    /// <exception cref="DataFileException">A file of a run is damaged.</exception>
    public virtual CollectedTable Collect(IReadOnlyList<RunRecord> runs) => throw new ArgumentException(
        $"collect: the parts of {Name} are compared within one run, and its tables are in {string.Join(" and ", runs.Select(run => run.Folder))}.");

    /// <summary>The images it runs on.</summary>
    public abstract ResolvedData Load();

    /// <summary>The first images of each set, for <see cref="Load"/>; null for all test images.</summary>
    /// <exception cref="TooFewSamplesException">There are not so many; the message begins with the options that asked for them.</exception>
    protected ResolvedData FirstImages(string options, int trainCount, int? testCount, DataSetKind kind = DataSetKind.Mnist)
    {
        try
        {
            return DataSource.Resolve(settings.Data, Console.Error.WriteLine, trainCount, testCount, kind);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new TooFewSamplesException(options, e);
        }
    }

    /// <summary>Measures what is missing in the folder, prints and writes the table.</summary>
    /// <returns>Ok when every part of the table is there, else what kept a part from being measured.</returns>
    public abstract ExitCode Run(RunFolder folder, Device device, ResolvedData data, CancellationToken cancellation);
}
