using CudaLandscape.Experiments.Cli;
using CudaLandscape.Experiments.Papers.NguyenHein2018OptimizationLandscape.SigmaTruth;

namespace CudaLandscape.Experiments.Tests.SigmaTruth;

/// <summary>Options of sigma-truth: bad ones, defaults, and networks of another run.</summary>
[Collection("device")]
public sealed class SigmaTruthOptionTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--features", "float32", "float64")]
    [InlineData("--features", "float64,float16", "gaussian")]
    [InlineData("--features", "float64,stored,stored", "nothing comes twice; got float64,stored,stored")]
    [InlineData("--noise", "none", "variance")]
    [InlineData("--trained", "/nonexistent", "--epochs")]
    public void A_bad_option_is_answered_with_2_and_what_would_be_good(string option, string value, string named)
    {
        Session session = Session.Run("sigma-truth", option, value, "--epochs", "0", "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Usage, session.Code);
        Assert.Contains("error: ", session.Errors);
        Assert.Contains(named, session.Errors);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void No_network_at_all_is_answered_with_2() => Assert.Equal(
        (int)ExitCode.Usage, Session.Run("sigma-truth", "--weight-scales", "none", "--epochs", "0", "--out", _folder.Root).Code);

    [Fact]
    public void More_images_than_there_are_is_answered_with_3() =>
        Assert.Equal((int)ExitCode.Data, Session.Run("sigma-truth", "--n", "70000", "--out", _folder.Root).Code);

    [Theory]
    [InlineData(2028, "1,2,3,4")]
    [InlineData(4000, "2,4,5,6,7")]
    [InlineData(10000, "5,10,12,14,15,16,17")]
    [InlineData(50, "1")]
    public void T1_is_chosen_about_the_square_matrix(int samples, string expected) =>
        Assert.Equal(expected, string.Join(',', SigmaTruthSettings.DefaultT1(samples)));

    [Fact]
    public void Networks_of_a_run_of_table2_are_taken_as_they_were_trained()
    {
        using ScratchFolder trained = new();
        Assert.Equal(0, Session.Run("table2", "--n", "40", "--t1", "1", "--epochs", "3", "--features", "f64", "--out", trained.Root).Code);
        Session session = Session.Run(
            "sigma-truth", "--n", "40", "--t1", "1", "--trained", trained.Run, "--weight-scales", "none", "--noise", "variance", "--features",
            "float64", "--out", _folder.Root);
        Assert.Equal(0, session.Code);
        Assert.Contains("trained on 40 images with noise variance", session.Errors);
        MetricsCsv table = MetricsCsv.Parse(_folder.Read("table.csv")), theirs = trained.Metrics();
        Assert.Equal((theirs[0, "train_errors"], theirs[0, "loss"]), (table[0, "train_errors"], table[0, "loss"]));
        Assert.Equal(theirs.Number(0, "sigma_min_f1_f64"), table.Number(0, "sigma_min_float64"), 1e-9 * theirs.Number(0, "sigma_min_f1_f64"));
        Session other = Session.Run("sigma-truth", "--n", "40", "--t1", "2", "--trained", trained.Run, "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Usage, other.Code);
        Assert.Contains("T1 = 1, not 2", other.Errors);
        Session wrong = Session.Run("sigma-truth", "--n", "40", "--t1", "1", "--trained", _folder.Run, "--out", _folder.Root);
        Assert.Equal((int)ExitCode.Usage, wrong.Code);
        Assert.Contains("name one of table2", wrong.Errors);
        Assert.Equal((int)ExitCode.Data, Session.Run("sigma-truth", "--trained", "/nonexistent", "--out", _folder.Root).Code);
    }
}
