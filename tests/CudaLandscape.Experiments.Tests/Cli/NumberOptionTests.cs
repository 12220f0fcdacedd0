using System.CommandLine;
using System.Globalization;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Cli;

/// <summary>
/// Every option that takes numbers, of every command: what is no number, not finite or out of its range is answered with 2 and with the
/// option, the range and the value, and nothing is written; the ends of the range are taken.
/// </summary>
[Collection("device")]
public sealed class NumberOptionTests : IDisposable
{
    private const string Count = "a whole number from 1 to 1000000000", CountOrNone = "a whole number from 0 to 1000000000";
    private const string Filters = "a whole number from 1 to 1000000", Seed = "a whole number from 0 to 18446744073709551615";
    private const string Positive = "a finite number above 0", Seconds = "a number from 0 to 1000000", Coordinate = "a number from -1E+100 to 1E+100";
    private static readonly string[] s_never = ["x", "", " 1", "1 000", "nan", "-nan", "inf", "-inf", "1e999", "0x10", "1;2"];
    private static readonly string[] s_neverWhole = ["99999999999999999999999999", "1.5", "1e3"];
    private readonly ScratchFolder _folder = new();

    /// <summary>Command, option, range, and of this option what is just in and just out of the range.</summary>
    public static TheoryData<string, string, string, string[], string[]> Table
    {
        get
        {
            TheoryData<string, string, string, string[], string[]> table = OfOneCommand();
            foreach (string command in (string[])["iclr19-table1", "iclr19-table2", "sweep plan"]) AddTraining(table, command);
            return table;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Table))]
    public void A_value_out_of_range_is_answered_with_option_range_and_value(string command, string option, string range, string[] good, string[] bad)
    {
        string[] wrong = [.. s_never, .. range.Contains("a whole number", StringComparison.Ordinal) ? s_neverWhole : [], .. bad];
        foreach (string value in wrong)
        {
            Session session = Session.Run(CommandLine(command, option, value));
            Assert.Equal((int)ExitCode.Usage, session.Code);
            Assert.Contains($"error: {option} must be {range}; got '{value}'.", session.Errors);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
        foreach (string value in good) Assert.Empty(Application.Commands().Parse(CommandLine(command, option, value)).Errors);
    }

    [Fact]
    public void No_option_that_takes_numbers_is_left_out()
    {
        string[] there = [.. OptionsBelow(Application.Commands(), []).Order(StringComparer.Ordinal)];
        string[] tested = [.. Table.Select(row => $"{((string)row[0]).Replace(" figure1", "", StringComparison.Ordinal)} {row[1]}").Order(StringComparer.Ordinal)];
        Assert.Equal(there, tested);
    }

    // With a decimal comma, and what stands between thousands in German and in French.
    [Theory]
    [InlineData(".")]
    [InlineData(" ")]
    public void Numbers_are_read_alike_in_every_language(string separator)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", separator);
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.True(NumberRange.Positive.TryRead("0.001", out double value));
            Assert.Equal(0.001, value);
            Assert.False(NumberRange.Positive.TryRead("0,001", out _));
            Assert.Equal("a number from 0.5 to 1.5", NumberRange.Between(0.5, 1.5).Text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string List(string each, string example) => $"a list such as {example}, of which each is {each} and none comes twice";

    private static TheoryData<string, string, string, string[], string[]> OfOneCommand() => new()
    {
        { "table2", "--t1", List(Filters, "10,20,30"), ["1", "1000000", "1,2"], ["0", "5,-1", "2,1,2", "1,,2", "1,", "1000001"] },
        { "table2", "--n", Count, ["1", "1000000000"], ["0", "-5", "1,5", "1000000001"] },
        { "table2", "--epochs", CountOrNone, ["0", "1000000000"], ["-1"] },
        { "table2", "--batch", Count, ["1"], ["0", "-1", "2147483648"] },
        { "table2", "--lr", Positive, ["1e-300", "3e-3", "1e300"], ["0", "-0", "-1e-3", "0,001"] },
        { "table2", "--decay", "a finite number, 0 or above", ["0", "1e-4"], ["-0.1", "0,1"] },
        { "table2", "--seed", Seed, ["0", "18446744073709551615"], ["-1", "18446744073709551616"] },
        { "table2", "--checkpoint-seconds", Seconds, ["0", "0.5", "1e6"], ["-0.1", "1000001", "0,5"] },
        { "sigma-truth", "--n", List("a whole number from 2 to 1000000000", "4000,10000"), ["2", "2,3"], ["1", "100,", "2,1"] },
        { "sigma-truth", "--t1", List(Filters, "4,5,6"), ["1,1000000"], ["0", "2;3"] },
        { "sigma-truth", "--weight-scales", List(Positive, "0.33,1 (or none)"), ["0.33,1", "none", "1e-9"], ["0", "0.33,", "1,nan", "1,none", "1,1.0"] },
        { "sigma-truth", "--epochs", CountOrNone, ["0"], ["-1"] },
        { "sigma-truth", "--seed", Seed, ["0"], ["-1"] },
        { "claims", "--seed", Seed, ["0"], ["-1"] },
        { "surface figure1", "--t1", Filters, ["1", "1000000"], ["0", "1000001", "1,2"] },
        { "surface figure1", "--points", "a whole number from 2 to 1001", ["2", "1001"], ["1", "1002"] },
        { "surface figure1", "--from", Coordinate, ["-1e100", "-0.25"], ["-1e101", "0,5"] },
        { "surface figure1", "--to", Coordinate, ["1e100", "1.25"], ["1e101", "0,5"] },
        { "surface figure1", "--n", Count, ["1"], ["0"] },
        { "surface figure1", "--lanczos-steps", Count, ["1"], ["0"] },
        { "surface figure1", "--seed", Seed, ["0"], ["-1"] },
        { "describe figure1", "--t1", Filters, ["1", "1000000"], ["0", "1000001"] },
        { "sweep one", "--index", CountOrNone, ["0"], ["-1"] },
        { "sweep slurm", "--gpus", "a whole number from 0 to 1", ["0", "1"], ["-1", "2"] },
        { "sweep slurm", "--cpus", Count, ["1"], ["0"] },
        { "sweep slurm", "--parallel", Count, ["1"], ["0"] },
        { "sweep slurm", "--signal-seconds", "a whole number from 1 to 65535", ["1", "65535"], ["0", "65536"] },
    };

    private static void AddTraining(TheoryData<string, string, string, string[], string[]> table, string command)
    {
        table.Add(command, "--seeds", List(Seed, "1,2,3"), ["0", "1,2"], ["-1", "1,x", "1,", "1,1"]);
        foreach (string option in (string[])["--n", "--test", "--connections", "--epochs", "--batch"])
            table.Add(command, option, Count, ["1"], ["0"]);
        table.Add(command, "--lr", Positive, ["0.01"], ["0", "-1"]);
        table.Add(command, "--momentum", "a number from 0 to below 1", ["0", "0.999"], ["1", "-0.1"]);
        table.Add(command, "--neuron-gb", Seconds, ["0", "1000000"], ["-1", "1e7"]);
        table.Add(command, "--checkpoint-seconds", Seconds, ["0"], ["-1"]);
    }

    private static IEnumerable<string> OptionsBelow(Command command, string[] path) =>
    [
        .. command.Options.Where(TakesNumbers).Select(o => string.Join(' ', [.. path, o.Name])),
        .. command.Subcommands.SelectMany(c => OptionsBelow(c, [.. path, c.Name])),
    ];

    private static bool TakesNumbers(Option option)
    {
        Type type = option.ValueType;
        Type item = type.IsArray ? type.GetElementType()! : type.IsGenericType ? type.GenericTypeArguments[0] : type;
        return item.IsPrimitive && item != typeof(bool) && item != typeof(char);
    }

    private string[] CommandLine(string command, string option, string value)
    {
        string[] place = command switch
        {
            "describe figure1" => [],
            "sweep one" or "sweep slurm" => ["--plan", Path.Combine(_folder.Root, "none")],
            "sweep plan" => ["--out", Path.Combine(_folder.Root, "sweep")],
            _ => ["--out", _folder.Root],
        };
        return [.. command.Split(' '), .. place, option, value];
    }
}
