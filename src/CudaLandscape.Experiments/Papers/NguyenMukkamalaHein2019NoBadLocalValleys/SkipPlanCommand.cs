using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Sweeps;
using CudaLandscape.Nn;

namespace CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;

/// <summary>The command <c>sweep plan</c>: the trainings of both tables as a list; the options are those of the tables.</summary>
internal static class SkipPlanCommand
{
    private static readonly SkipTable[] s_tables = [SkipTable.One, SkipTable.Two];
    private static readonly string[] s_networks = [.. s_tables.SelectMany(t => t.Networks)];

    // Table 2's, which are also Table 1's.
    private static readonly IReadOnlyList<Option> s_shared = [.. SkipCommand.Of(SkipTable.Two).Choices, .. SkipCommand.Of(SkipTable.Two).Details];

    private static readonly Option<string> s_out = new("--out") { Description = "Folder for the sweep; it must hold no plan yet.", Required = true };

    private static readonly Option<string> s_preset = Options.Choice(
        "--preset", $"quick: the first network of each table, 100 samples, 1 epoch, 2 draws; paper: the 226 trainings of {SkipTable.Epochs} epochs.", "quick", "paper");

    private static readonly Option<string> s_nets =
        new("--nets") { Description = $"{string.Join(", ", s_networks)}, as a list; else what the preset says.", DefaultValueFactory = _ => "" };

    private static readonly Option<string> s_augmentation =
        Options.Choice("--augmentation", "On CIFAR-10: without and with random crops and flips.", "both", "off", "on");

    private static readonly Option<string?> s_data =
        new("--data") { Description = "Folder with the data of both tables (else CUDALANDSCAPE_DATA, else what was downloaded, else procedural images)." };

    public static Command Create()
    {
        Command command = new("plan", "Write the list of trainings of ICLR'19 Tables 1 and 2, each of which can be done by a process of its own.");
        foreach (Option option in (IEnumerable<Option>)[s_out, s_preset, s_nets, s_augmentation, .. s_shared, s_data]) command.Options.Add(option);
        command.SetAction(p => (int)Run(p));
        return command;
    }

    private static ExitCode Run(ParseResult p)
    {
        SweepPlan plan = SweepPlan.Create(p.GetValue(s_out)!, [.. s_tables.SelectMany(t => ExperimentsOf(t, p))]);
        Console.WriteLine($"{plan.Units.Count} units: {plan.ListPath}");
        Console.WriteLine($"{ProgramName.Command("sweep", "one", "--plan", plan.Folder, "--index", "I")} does one, `sweep slurm` writes a job array, `sweep collect` makes the tables.");
        return ExitCode.Ok;
    }

    // None where no network of the table is asked for.
    private static IEnumerable<SkipExperiment> ExperimentsOf(SkipTable table, ParseResult p)
    {
        string[] asked = p.GetValue(s_nets) is { Length: > 0 } list ? list.Split(',') : [];
        foreach (string name in asked.Except(s_networks))
            throw new ArgumentException($"There is no network '{name}' in the tables; nearest: {NearestNames.Text(name, s_networks)}.");
        string[] networks = [.. asked.Intersect(table.Networks)];
        if (asked.Length > 0 && networks.Length == 0) yield break;
        string[] nets = networks.Length > 0 ? ["--nets", string.Join(',', networks)] : [];
        string[] augmentation = table.HasAugmentation ? ["--augmentation", p.GetValue(s_augmentation)!] : [];
        string[] arguments = ["--preset", p.GetValue(s_preset)!, .. nets, .. augmentation, .. SkipCommand.Given(p, s_shared)];
        yield return new SkipExperiment(SkipCommand.Of(table).Parse(arguments) with { Data = p.GetValue(s_data) });
    }
}
