using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;
using CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;
using CudaLandscape.Experiments.Surfaces;

namespace CudaLandscape.Experiments.Runs;

/// <summary>The experiments by the name in run.json.</summary>
internal static class KnownExperiments
{
    private static readonly Dictionary<string, Func<IReadOnlyList<string>, Experiment>> s_parsers = new(StringComparer.Ordinal)
    {
        [Table2Experiment.Title] = arguments => new Table2Experiment(Table2Command.Parse(arguments)),
        [SigmaTruthExperiment.Title] = arguments => new SigmaTruthExperiment(SigmaTruthCommand.Parse(arguments)),
        [SurfaceExperiment.Title] = arguments => new SurfaceExperiment(SurfaceCommand.Parse(arguments)),
        [SkipTable.One.Command] = arguments => new SkipExperiment(SkipCommand.Of(SkipTable.One).Parse(arguments)),
        [SkipTable.Two.Command] = arguments => new SkipExperiment(SkipCommand.Of(SkipTable.Two).Parse(arguments)),
    };

    /// <summary>The experiment that a run folder is of, with the settings of its command line.</summary>
    /// <exception cref="ArgumentException">This version does not know the experiment, an option or a value.</exception>
    public static Experiment Parse(RunRecord record) => Parse(record.Folder, record.Experiment, record.Arguments);

    /// <summary>The experiment of a name with the settings of a command line.</summary>
    /// <param name="place">Where both are from, for messages.</param>
    /// <param name="name">Name of the experiment.</param>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="ArgumentException">This version does not know the experiment, an option or a value.</exception>
    public static Experiment Parse(string place, string name, IReadOnlyList<string> arguments) =>
        s_parsers.TryGetValue(name, out Func<IReadOnlyList<string>, Experiment>? parse)
            ? parse(arguments)
            : throw new ArgumentException($"{place} is a run of {name}, not of {string.Join(", ", s_parsers.Keys)}, which this version knows.");
}
