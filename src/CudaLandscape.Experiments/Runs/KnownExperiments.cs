using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape;
using CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;
using CudaLandscape.Experiments.Surfaces;

namespace CudaLandscape.Experiments.Runs;

/// <summary>The experiments by the name in run.json.</summary>
internal static class KnownExperiments
{
    private static readonly Dictionary<string, Func<IReadOnlyList<string>, Experiment>> s_parsers = new(StringComparer.Ordinal)
    {
        [Table2Experiment.Title] = arguments => new Table2Experiment(Table2Command.Parse(arguments)),
        [SurfaceExperiment.Title] = arguments => new SurfaceExperiment(SurfaceCommand.Parse(arguments)),
        [SkipTable.One.Command] = arguments => new SkipExperiment(SkipCommand.Of(SkipTable.One).Parse(arguments)),
        [SkipTable.Two.Command] = arguments => new SkipExperiment(SkipCommand.Of(SkipTable.Two).Parse(arguments)),
    };

    /// <summary>The experiment that a run folder is of, with the settings of its command line.</summary>
    /// <exception cref="ArgumentException">This version does not know the experiment, an option or a value.</exception>
    public static Experiment Parse(RunRecord record) =>
        s_parsers.TryGetValue(record.Experiment, out Func<IReadOnlyList<string>, Experiment>? parse)
            ? parse(record.Arguments)
            : throw new ArgumentException(
                $"{record.Folder} is a run of {record.Experiment}, not of {string.Join(", ", s_parsers.Keys)}, which this version knows.");
}
