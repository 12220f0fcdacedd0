using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Sweeps;

/// <summary>A unit whose loss becomes infinite: the table says so, and the other units are done.</summary>
[Collection("device")]
public sealed class FailedUnitTests : IDisposable
{
    private const string Failing = "vgg11_skip-rand_sigmoid_seed1", Reason = "Training step 2 (epoch 1, from sample 5 on) gives a value that is not finite";

    // Of these two variants the second is not trained, so that no learning rate harms it.
    private static readonly string[] s_options =
    [
        "--n", "10", "--test", "10", "--batch", "5", "--variants", "skip-rand,skip-exact", "--activations", "sigmoid", "--seeds", "1", "--lr", "1e38",
    ];

    private readonly ScratchFolder _folder = new(), _whole = new();

    public void Dispose()
    {
        _folder.Dispose();
        _whole.Dispose();
    }

    [Fact]
    public void In_a_run_and_in_a_sweep_the_others_go_on_and_the_table_says_why_it_failed()
    {
        Assert.Equal((int)ExitCode.Numeric, Session.Run(["iclr19-table2", .. s_options, "--out", _whole.Root]).Code);
        Assert.Equal("failed", (string?)_whole.RunJson()["status"]);
        MarkdownTable table = MarkdownTable.Parse(_whole.Read("table.md"));
        Assert.Equal("not finished (0 of 1 run)", table[0, "sigmoid"]);
        Assert.EndsWith(" (1 of 1 run)", table[2, "sigmoid"]);
        Assert.Contains($"\n{Failing}: {Reason}", _whole.Read("table.md"));

        Assert.Equal(0, Session.Run(["sweep", "plan", "--out", _folder.Root, "--nets", "vgg11", "--augmentation", "off", .. s_options]).Code);
        Assert.Equal((int)ExitCode.Numeric, One("0").Code);
        Assert.Equal((int)ExitCode.Ok, One("1").Code);
        Session collected = Session.Run("sweep", "collect", "--plan", _folder.Root);
        Assert.Contains("iclr19-table2: 1 of 2 units done, 2 begun", collected.Errors);
        Assert.Equal(_whole.Read("table.md"), File.ReadAllText(Path.Combine(_folder.Root, "iclr19-table2", "table.md")));
    }

    private Session One(string index) => Session.Run("sweep", "one", "--plan", _folder.Root, "--index", index);
}
