using System.CommandLine;
using CudaLandscape.Tensors;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.KernelStudy;

/// <summary>
/// The command <c>roofline</c>: every row of the benchmark table beside what the device does at best (Williams, Waterman and
/// Patterson, 2009): a kernel reaches at most min(product rate, flops per byte · copy rate).
/// </summary>
internal static class RooflineCommand
{
    private static readonly Option<string?> s_op = new("--op") { Description = "Only ops whose name contains this." };

    public static Command Create()
    {
        Command command = new("roofline", "Every op beside the rates of copies and matrix products measured on this device.")
        {
            s_op, StudyOptions.Types, StudyOptions.Noise, StudyOptions.Seconds, StudyOptions.Device,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        BenchmarkRow[] rows = [.. OpNames.Rows.Where(row => row.Op.Contains(parsed.GetValue(s_op) ?? "", StringComparison.Ordinal))];
        if (rows.Length == 0) throw new ArgumentException($"--op {parsed.GetValue(s_op)}: no op's name contains it; kernel --list shows the ops.");
        using Device device = StudyOptions.Open(parsed);
        using ColdTimer timer = new(device, StudyOptions.TimerOf(parsed));
        Ceilings ceilings = new CeilingProbe(device, timer).Measure();
        Console.WriteLine(Machine.Describe(device));
        Report.Print(ceilings);
        Report.Print(rows.SelectMany(row => StudyOptions.TypesOf(parsed).Select(type => Told(row, type, device, timer))), ceilings);
        return ExitCodes.Done;
    }

    private static Measured Told(BenchmarkRow row, DType type, Device device, ColdTimer timer)
    {
        Console.Error.WriteLine($"{row} {type}");
        return Measured.Of(row, type, row.Size, device, timer);
    }
}
