using System.CommandLine;
using CudaLandscape.Tensors;
using CudaLandscape.TestKit.Table;

namespace CudaLandscape.KernelStudy;

/// <summary>The command <c>check</c>: every row of the op table on a device, in one short program for memory checkers.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        Command command = new("check", "Compare every op with plain loops; for compute-sanitizer and the like.") { StudyOptions.Device };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        using Device device = StudyOptions.Open(parsed);
        string[] ops = [.. OpTable.Rows.Select(row => row.Op).Concat(PlainWork.All.Select(work => work.Row.Op)).Distinct().Order(StringComparer.Ordinal)];
        OpCheck[] checks = Array.ConvertAll(ops, op => Check(op, device));
        int rows = checks.Sum(check => check.Rows), bad = checks.Sum(check => check.Wrong.Count);
        Console.WriteLine($"{rows} rows of {ops.Length} ops, each in float64 and float32: {rows - bad} right, {bad} wrong");
        return bad == 0 ? ExitCodes.Done : ExitCodes.Wrong;
    }

    // Said op by op, so that it is known how far a checker got that ran out of time.
    private static OpCheck Check(string op, Device device)
    {
        OpCheck check = OpCheck.Of(op, device);
        foreach (string wrong in check.Wrong) Console.WriteLine($"WRONG: {wrong}");
        Console.WriteLine($"{op}: {check.Rows} rows, {check.Wrong.Count} wrong");
        return check;
    }
}
