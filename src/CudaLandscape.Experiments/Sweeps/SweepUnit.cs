using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Runs;

namespace CudaLandscape.Experiments.Sweeps;

/// <summary>One training of a sweep: a run of its table's experiment with that unit alone, in a folder of its own.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Table">The table it belongs to.</param>
/// <param name="Folder">Its run folder.</param>
internal sealed record SweepUnit(int Index, string Name, SweepTable Table, string Folder)
{
    /// <summary>Begins it, goes on with it, or says that it is done.</summary>
    /// <param name="data">Folder with the images where it is another than when the sweep was planned, or null.</param>
    /// <param name="device">Name of the device, or null for the machine's.</param>
    public ExitCode Run(string? data, string? device)
    {
        if (RunRecord.Find(Folder) is { IsDone: true })
        {
            Console.Error.WriteLine($"unit {Index}, {Name}: already done in {Folder}");
            return ExitCode.Ok;
        }

        Console.Error.WriteLine($"unit {Index}, {Name}: {Folder}");
        return ExperimentLaunch.StartIn(Folder, Table.Experiment.Only(Name).At(data ?? Table.Data.Folder, device), Table.Data.Sha256);
    }
}
