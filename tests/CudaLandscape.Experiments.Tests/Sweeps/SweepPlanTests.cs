using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Papers.NguyenMukkamalaHein2019NoBadLocalValleys;
using CudaLandscape.Experiments.Runs;
using CudaLandscape.Experiments.Sweeps;

namespace CudaLandscape.Experiments.Tests.Sweeps;

/// <summary>The list of trainings: what is in it, what each unit is, and plans that are refused; nothing is trained.</summary>
[Collection("device")]
public sealed class SweepPlanTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_paper_s_226_trainings_are_a_line_each()
    {
        Assert.Equal(0, Plan("--preset", "paper", "--n", "10", "--test", "10").Code);
        string[] lines = File.ReadAllLines(Path.Combine(_folder.Root, "units.txt"));
        Assert.Equal(226, lines.Length);
        Assert.Equal("   0  iclr19-table1  cnn13_plain_sigmoid_seed1", lines[0]);
        Assert.Equal(" 225  iclr19-table2  densenet121_skip-sgd_softplus_augmented_seed8", lines[225]);
        SweepPlan plan = SweepPlan.Read(_folder.Root);
        Assert.Equal(lines, plan.Units.Select(u => $"{u.Index,4}  {u.Table.Experiment.Name}  {u.Name}"));
        Assert.Equal(226, plan.Units.Select(u => u.Folder).Distinct().Count());
        Assert.Equal((18, 208), (plan.Tables[0].Experiment.Units.Count, plan.Tables[1].Experiment.Units.Count));
    }

    [Fact]
    public void A_unit_is_its_table_s_experiment_with_that_training_alone()
    {
        Assert.Equal(0, Plan("--nets", "vgg11,cnn13", "--seeds", "5,6", "--lr", "0.02", "--checkpoint-seconds", "7", "--n", "11", "--test", "12").Code);
        string[] choices = ["networks", "variants", "activations", "augmentation", "seeds"];
        foreach (SweepTable table in SweepPlan.Read(Path.Combine(_folder.Root, "plan.json")).Tables)
        {
            foreach (string unit in table.Experiment.Units)
            {
                Experiment only = table.Experiment.Only(unit);
                Assert.Equal([unit], only.Units);
                JsonObject whole = table.Experiment.Settings, part = KnownExperiments.Parse("", only.Name, only.Arguments).Settings;
                foreach (string name in whole.Select(p => p.Key).Except(choices)) Assert.Equal($"{name} {whole[name]}", $"{name} {part[name]}");
                Assert.Equal(["--checkpoint-seconds", "7"], only.Arguments.SkipWhile(a => a != "--checkpoint-seconds").Take(2));
            }
        }
    }

    [Theory]
    [InlineData("There is no network 'vgg12' in the tables; nearest: vgg11", "--nets", "cnn13,vgg12")]
    [InlineData("There is no variant 'skip-random'; nearest: skip-rand", "--variants", "skip-random")]
    [InlineData("--connections 179841: cnn13 has 179840 neurons to draw from", "--nets", "cnn13", "--connections", "179841")]
    public void Trainings_that_cannot_be_are_refused_with_2_before_anything_is_written(string message, params string[] arguments)
    {
        Session session = Plan(arguments);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains(message, session.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void More_samples_than_there_are_is_refused_with_3() =>
        Assert.Equal((int)ExitCode.Data, Plan("--nets", "cnn13", "--n", "60001", "--connections", "5").Code);

    [Fact]
    public void A_folder_with_a_plan_is_refused()
    {
        Assert.Equal(0, Plan("--nets", "cnn13").Code);
        Session second = Plan("--nets", "cnn13");
        Assert.Equal((int)ExitCode.Usage, second.Code);
        Assert.Contains("there is a plan already", second.Errors);
    }

    [Theory]
    [InlineData("-1", "--index must be a whole number from 0 to ")]
    [InlineData("6", "--index 6: the plan has 6 units; expected 0 to 5. They are listed in ")]
    public void An_index_outside_the_list_is_refused_with_2_and_the_range(string index, string message)
    {
        Assert.Equal(0, Plan("--nets", "cnn13").Code);
        Session session = One(index);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains(message, session.Errors);
    }

    [Theory]
    [InlineData("commit", ExitCode.Usage, "was planned by commit other, this is ")]
    [InlineData("tables.0.settings.momentum", ExitCode.Usage, "its setting 'momentum' was \"other\" and is 0.9")]
    [InlineData("tables.0.experiment", ExitCode.Usage, "is a run of other, not of table2")]
    [InlineData("tables.0.data.sha256", ExitCode.Usage, "was begun with other images: SHA-256 other then")]
    [InlineData("units.0", ExitCode.Usage, "lists other units than this version makes")]
    [InlineData("tables", ExitCode.Data, "this is not the plan of a sweep")]
    public void A_plan_of_another_commit_other_images_or_damaged_is_refused(string field, object code, string message)
    {
        Assert.Equal(0, Plan("--nets", "cnn13", "--n", "10", "--test", "10").Code);
        string path = Path.Combine(_folder.Root, "plan.json");
        JsonNode plan = JsonNode.Parse(File.ReadAllText(path))!, parent = plan;
        string[] parts = field.Split('.');
        foreach (string part in parts[..^1]) parent = int.TryParse(part, out int place) ? parent[place]! : parent[part]!;
        if (int.TryParse(parts[^1], out int last)) parent[last] = "other";
        else parent[parts[^1]] = "other";
        File.WriteAllText(path, plan.ToJsonString());
        Session session = One("0");
        Assert.Equal((int)(ExitCode)code, session.Code);
        Assert.Contains(message, session.Errors);
    }

    [Fact]
    public void No_plan_is_refused_with_3_and_the_file_looked_for()
    {
        Session session = One("0");
        Assert.Equal((int)ExitCode.Data, session.Code);
        Assert.Contains(Path.Combine(_folder.Root, "plan.json"), session.Errors);
    }

    private Session Plan(params string[] options) => Session.Run(["sweep", "plan", "--out", _folder.Root, .. options]);

    private Session One(string index) => Session.Run("sweep", "one", "--plan", _folder.Root, "--index", index);
}
