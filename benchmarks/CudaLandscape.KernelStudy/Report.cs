using System.Globalization;
using Spectre.Console;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy;

/// <summary>Prints results: tables on a terminal or in a file, and nothing that was not measured.</summary>
internal static class Report
{
    /// <summary>Rates and shares of measurements.</summary>
    public static void Print(IEnumerable<Measured> measured, Ceilings ceilings)
    {
        Table table = new Table().Border(TableBorder.Markdown);
        foreach (string column in (string[])["case", "type", "n", "µs", "noise", "samples", "GB/s", "GFLOP/s", "flop/byte", "of peak"])
            table.AddColumn(new TableColumn(column) { Alignment = column is "case" or "type" ? Justify.Left : Justify.Right }.NoWrap());
        foreach (Measured m in measured)
        {
            string noise = $"{100 * m.Timing.Noise:F1} %{(m.Timing.Settled ? "" : " (noisy)")}";
            table.AddRow(Array.ConvertAll<string, string>(
                [$"{m.Row.Op} {m.Row.Case}", $"{m.Type}", $"{m.Size}", Number(1e3 * m.Timing.Milliseconds), noise, $"{m.Timing.Samples}",
                    Number(m.Gigabytes), Number(m.Gigaflops), Number(m.Intensity), Percent(m.ShareOf(ceilings))], Markup.Escape));
        }

        Wide().Write(table);
    }

    /// <summary>What a kernel needs of a multiprocessor; softcuda has no registers.</summary>
    public static void Print(Kernel kernel, Device device)
    {
        string shape = kernel.LastShape is { } last ? $", last launched with {last}" : "";
        if (device.Id.Kind == DeviceKind.Soft)
        {
            Console.WriteLine($"  {kernel.Name}{shape}");
            return;
        }

        int threads = kernel.LastShape is { } l ? (int)(l.BlockX * l.BlockY * l.BlockZ) : 256, blocks = kernel.ResidentBlocks(threads);
        double occupancy = 100.0 * blocks * threads / device.Context.MaxThreadsPerMultiprocessor;
        Console.WriteLine($"  {kernel.Name}{shape}: {kernel.RegisterCount} registers, {kernel.LocalBytes} B of local memory (spills and arrays), "
            + $"{kernel.SharedBytes} B of static shared memory, {blocks} blocks of {threads} threads per multiprocessor, occupancy {occupancy:F0} %");
    }

    /// <summary>The ceilings in one line.</summary>
    public static void Print(Ceilings c) => Console.WriteLine(
        $"peak, measured here: copy {c.CopyGigabytes:F1} GB/s, matrix product {c.Gemm32:F1} GFLOP/s in float32, {c.Gemm64:F1} in float64");

    // A table in a file is not folded.
    private static IAnsiConsole Wide()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        return console;
    }

    private static string Number(double? value) =>
        value is { } v ? v.ToString(v >= 100 ? "F0" : v >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture) : "";

    private static string Percent(double? share) => share is { } s ? $"{100 * s:F0} %" : "";
}
