using CudaLandscape.Experiments.Cli;
using CudaLandscape.Interop;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Data.Download;
using CudaLandscape.Nn.Training;

namespace CudaLandscape.Experiments.Tests.Cli;

[Collection("device")]
public sealed class ExitCodeTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--init", "unknown", "--init: There is no initializer 'unknown'; choose one of glorot_uniform, ")]
    [InlineData("--init", "normal=nan", "--init: There is no initializer 'normal=nan'")]
    [InlineData("--init", "normal=0", "S > 0")]
    [InlineData("--noise", "unknown", "variance")]
    [InlineData("--features", "f16", "f64")]
    [InlineData("--weights", "none", "random")]
    [InlineData("--bias", "none", "neuron")]
    [InlineData("--conv2", "5x5", "3x3s2")]
    [InlineData("--preset", "slow", "quick")]
    [InlineData("--unknown", "1", "--unknown")]
    [InlineData("--device", "gpu", "soft:0")]
    public void A_bad_option_is_answered_with_2_and_what_would_be_good(string option, string value, string named)
    {
        Session session = Session.Run("table2", "--n", "10", option, value, "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("error: ", session.Errors);
        Assert.Contains(named, session.Errors);
    }

    [Theory]
    [InlineData("--epochs", "--epochs", "3")]
    [InlineData("--lr, --decay", "--decay", "0", "--lr", "1e-3")]
    [InlineData("--batch, --step, --together", "--together", "--step", "fused", "--batch", "10")]
    public void Options_of_a_training_are_answered_with_2_where_none_is_trained(string named, params string[] options)
    {
        Session session = Session.Run(["table2", "--n", "10", "--weights", "random", .. options, "--out", _folder.Root]);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains($"error: --weights random trains nothing, so that {named} would mean nothing; leave one or the other out.", session.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData("--t1", "0")]
    [InlineData("--device", "gpu")]
    public void Nothing_is_written_for_an_option_that_is_wrong_by_itself(string option, string value)
    {
        Session.Run("table2", option, value, "--out", _folder.Root);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData("--data", "table2")]
    [InlineData("--out", "table2")]
    [InlineData("--trained", "sigma-truth")]
    [InlineData("--checkpoint", "surface", "figure1")]
    [InlineData("--plan", "sweep", "collect")]
    [InlineData("--memory", "sweep", "slurm", "--plan", "none")]
    public void An_empty_value_is_answered_with_2(string option, params string[] command)
    {
        Session session = Session.Run([.. command, option, ""]);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains($"error: {option} must have a value; got ''.", session.Errors);
    }

    [Theory]
    [InlineData("Commands: table2, ")]
    [InlineData("'table3' is unknown here; nearest: table2, ", "table3")]
    [InlineData("Commands: plan, one, ", "sweep")]
    [InlineData("'--epoch' is unknown here; nearest: --epochs, ", "table2", "--epoch", "3")]
    public void An_unknown_command_or_option_is_answered_with_2_and_what_there_is(string hint, params string[] arguments)
    {
        Session session = Session.Run(arguments);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains(hint, session.Errors);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("table2", "--help")]
    [InlineData("doctor")]
    public void Help_and_doctor_are_answered_with_0(params string[] arguments) =>
        Assert.Equal((int)ExitCode.Ok, Session.Run(arguments).Code);

    // Procedural digits end at 60000, as MNIST does.
    [Fact]
    public void More_samples_than_there_are_is_answered_with_3()
    {
        Session session = Session.Run("table2", "--n", "70000", "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Data, session.Code);
        Assert.Matches("error: --n 70000: .* Ask for at most 60000 images\\.\n$", session.Errors.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_missing_or_empty_data_folder_is_answered_with_3()
    {
        string missing = Path.Combine(_folder.Root, "none"), empty = Directory.CreateDirectory(Path.Combine(_folder.Root, "empty")).FullName;
        foreach (string folder in (string[])[missing, empty])
        {
            Session session = Session.Run("table2", "--n", "10", "--data", folder, "--out", _folder.Root);
            Assert.Equal((int)ExitCode.Data, session.Code);
            Assert.Contains(folder, session.Errors);
        }
    }

    [Fact]
    public void A_file_in_the_way_of_the_run_folder_is_answered_with_2()
    {
        string file = Path.Combine(_folder.Root, "file");
        File.WriteAllText(file, "");
        foreach (string path in (string[])[file, Path.Combine(file, "below")])
        {
            Session session = Session.Run("table2", "--n", "10", "--out", path);
            Assert.Equal((int)ExitCode.Usage, session.Code);
            Assert.Contains($"--out {path}", session.Errors);
        }
    }

    [Theory]
    [InlineData("table2", "--n", "10")]
    [InlineData("sigma-truth", "--n", "10")]
    [InlineData("iclr19-table1", "--n", "10", "--test", "10")]
    [InlineData("surface", "figure1", "--n", "10")]
    [InlineData("claims", "--item", "1")]
    public void A_device_that_is_not_there_is_answered_with_4_and_nothing_is_written(params string[] arguments)
    {
        Session session = Session.Run([.. arguments, "--device", "soft:7", "--out", _folder.Root]);
        Assert.Equal((int)ExitCode.Device, session.Code);
        Assert.Contains("soft:7", session.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void A_run_that_is_resumed_where_its_device_is_not_there_is_left_as_it_was()
    {
        Session.Run("table2", "--n", "20", "--t1", "1", "--lr", "1e30", "--epochs", "2", "--out", _folder.Root);
        string[] Files() => [.. Directory.GetFiles(_folder.Run).Order(StringComparer.Ordinal).Select(f => $"{f} {Convert.ToHexString(File.ReadAllBytes(f))}")];
        string[] before = Files();
        Assert.Equal("failed", (string?)_folder.RunJson()["status"]);
        Assert.Equal((int)ExitCode.Device, Session.Run("resume", _folder.Run, "--device", "soft:7").Code);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_unit_of_a_sweep_whose_device_is_not_there_has_no_run()
    {
        Assert.Equal(0, Session.Run("sweep", "plan", "--nets", "cnn13", "--n", "10", "--test", "10", "--out", _folder.Root).Code);
        Assert.Equal((int)ExitCode.Device, Session.Run("sweep", "one", "--plan", _folder.Root, "--index", "0", "--device", "soft:7").Code);
        Assert.False(Directory.Exists(Path.Combine(_folder.Root, "runs")));
    }

    [Fact]
    public void A_run_that_is_done_is_shown_where_its_device_is_not_there()
    {
        Assert.Equal(0, Session.Run("table2", "--n", "20", "--t1", "1", "--epochs", "0", "--features", "f64", "--out", _folder.Root).Code);
        Assert.Equal(0, Session.Run("resume", _folder.Run, "--device", "soft:7").Code);
    }

    [Fact]
    public void Cuda_without_a_driver_is_answered_with_4()
    {
        Dictionary<string, string?> hidden = new() { ["CUDA_VISIBLE_DEVICES"] = "", ["CUDALANDSCAPE_CUDA_LIBRARIES"] = null, [DeviceId.Variable] = null };
        using ChildProgram program = new(hidden, "table2", "--n", "10", "--device", "cuda:0", "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Device, program.WaitForExit());
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
        Assert.Contains("NVIDIA", program.Errors);
        Assert.DoesNotContain("   at ", program.Errors);
    }

    [Fact]
    public void A_variable_that_names_no_device_is_answered_with_2()
    {
        Dictionary<string, string?> variables = new() { [DeviceId.Variable] = "gpu" };
        using ChildProgram program = new(variables, "table2", "--n", "10", "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Usage, program.WaitForExit());
        Assert.Contains(DeviceId.Variable, program.Errors);
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_answered_with_6_and_the_run_marked_failed()
    {
        int before = LiveHandles.Count;
        Session session = Session.Run("table2", "--n", "20", "--t1", "1", "--lr", "1e30", "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Numeric, session.Code);
        Assert.Contains("epoch 2", session.Errors);
        Assert.Equal("failed", (string?)_folder.RunJson()["status"]);
        Assert.Matches("Training step 2 \\(epoch 2, from sample 0 on\\) .*, in the loss: multiply ", (string?)_folder.RunJson()["reason"]);
        Assert.Equal(before, LiveHandles.Count);
    }

    [Fact]
    public void Every_expected_failure_has_its_code_and_a_defect_none()
    {
        Assert.Equal(ExitCode.Interrupted, Application.CodeOf(new OperationCanceledException()));
        Assert.Equal(ExitCode.Data, Application.CodeOf(new DataFileException("f", 0, "r", "g", "e", "a")));
        Assert.Equal(ExitCode.Data, Application.CodeOf(new DownloadException("m")));
        Assert.Equal(ExitCode.Numeric, Application.CodeOf(new NonFiniteLossException(1, double.NaN)));
        Assert.Equal(ExitCode.Usage, Application.CodeOf(new IOException()));
        Assert.Equal(ExitCode.Usage, Application.CodeOf(new UnauthorizedAccessException()));
        Assert.Null(Application.CodeOf(new InvalidOperationException()));
        Assert.Null(Application.CodeOf(new NullReferenceException()));
    }
}
