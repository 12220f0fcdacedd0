using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Cli;

/// <summary>Messages tell commands as the program was called: by the script that says so, or by its own name.</summary>
public sealed class ProgramNameTests
{
    [Theory]
    [InlineData("--help", "table3")]
    [InlineData("sweep plan --help", "sweep", "plan", "--nonsense")]
    public void A_script_that_starts_the_program_is_named(string command, params string[] arguments)
    {
        foreach (string name in (string[])["./build.sh run", "tools/go"])
            Assert.Contains($"See `{name} {command}`.", Say(name, arguments));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_one_the_program_is_named_by_what_runs_it(string? variable)
    {
        string said = Say(variable, "table3");
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "cudalandscape.dll") + " --help`.", said);
        Assert.Matches("See `.*dotnet ", said);
        Assert.DoesNotContain("build.sh", said);
    }

    [Fact]
    public void Words_are_such_as_a_shell_takes() => Assert.EndsWith(" resume 'runs/of today' '$x'`", ProgramName.Command("resume", "runs/of today", "$x"));

    private static string Say(string? variable, params string[] arguments)
    {
        using ChildProgram program = new(new Dictionary<string, string?> { [ProgramName.Variable] = variable }, arguments);
        Assert.Equal((int)ExitCode.Usage, program.WaitForExit());
        return program.Errors;
    }
}
