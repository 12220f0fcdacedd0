using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy;

/// <summary>Prints results: lines of tables, and nothing that was not measured.</summary>
internal static class Report
{
    private static readonly (string Name, int Width, bool IsText)[] s_columns =
    [
        ("case", 44, true), ("type", 7, true), ("n", 6, false), ("µs", 9, false), ("noise", 14, false), ("samples", 7, false),
        ("GB/s", 8, false), ("GFLOP/s", 8, false), ("flop/byte", 9, false), ("of peak", 7, false),
    ];

    /// <summary>Rates and shares of measurements, each as soon as it is made: what was measured before time ran out is there.</summary>
    public static void Print(IEnumerable<Measured> measured, Ceilings ceilings)
    {
        PrintLine(Array.ConvertAll(s_columns, column => column.Name));
        PrintLine(Array.ConvertAll(s_columns, column => column.IsText ? "---" : "--:"));
        foreach (Measured m in measured)
        {
            string noise = $"{100 * m.Timing.Noise:F1} %{(m.Timing.Settled ? "" : " (noisy)")}";
            PrintLine(
                [$"{m.Row.Op} {m.Row.Case}", $"{m.Type}", $"{m.Size}", Number(1e3 * m.Timing.Milliseconds), noise, $"{m.Timing.Samples}",
                    Number(m.Gigabytes), Number(m.Gigaflops), Number(m.Intensity), Percent(m.ShareOf(ceilings))]);
        }
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

    private static void PrintLine(string[] cells) => Console.WriteLine(
        $"| {string.Join(" | ", cells.Zip(s_columns, (cell, column) => column.IsText ? cell.PadRight(column.Width) : cell.PadLeft(column.Width)))} |");

    private static string Number(double? value) =>
        value is { } v ? v.ToString(v >= 100 ? "F0" : v >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture) : "";

    private static string Percent(double? share) => share is { } s ? $"{100 * s:F0} %" : "";
}
