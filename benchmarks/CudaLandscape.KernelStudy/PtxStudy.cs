using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.TestKit;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.KernelStudy;

/// <summary>
/// What kernels do by their PTX, counted by softcuda's machine for it and so without a GPU: instructions by kind, active lanes, sectors and
/// passes of memory, and the lines of source that take most. Counts, not times: an assembler for a GPU drops moves, joins additions to
/// loads and splits integers of 64 bits.
/// </summary>
internal sealed class PtxStudy(Device device, string ptx, int lines)
{
    private static readonly string[] s_kinds = [.. Enum.GetNames<PtxKind>().Select(kind => kind.ToLowerInvariant())];

    /// <summary>The device that runs PTX.</summary>
    /// <exception cref="ArgumentException">It is not there, or the PTX is not.</exception>
    public static Device Open(string ptx)
    {
        if (!File.Exists(ptx) && !Directory.Exists(ptx))
        {
            throw new ArgumentException($"--ptx: {ptx} is not there; clang-19 makes it by: cmake --build artifacts/native --target ptx, "
                + "which leaves artifacts/native/ptx/sm_90a. A file that nvcc -ptx wrote will do as well.");
        }

        if (DeviceId.Default.Kind != DeviceKind.Soft) throw new ArgumentException("--ptx: softcuda counts; set CUDALANDSCAPE_DEVICE=soft:1.");
        return Device.Open(new DeviceId(DeviceKind.Soft, 1));
    }

    /// <summary>Runs every case once and prints what its kernels did.</summary>
    public void Print(IEnumerable<(BenchmarkRow Row, DType Type, int Size)> cases)
    {
        foreach ((BenchmarkRow row, DType type, int size) in cases)
        {
            Console.WriteLine($"{row.Op} {row.Case}, {type}, n = {size}");
            using TensorScope scope = new();
            using BenchmarkInputs inputs = new(device, type);
            Func<Tensor> call = row.Prepare(inputs, size);
            device.Synchronize();
            using Softcuda.Switch used = Softcuda.UsePtx(ptx);
            call();
            device.Synchronize();
            foreach (Kernel kernel in device.Kernels.OrderBy(kernel => kernel.Name, StringComparer.Ordinal))
            {
                if (Softcuda.CountsOf(kernel.Name) is { } counts) Print(kernel, counts);
            }
        }
    }

    private void Print(Kernel kernel, PtxCounts c)
    {
        ulong issued = Sum(c.Issued), warps = Math.Max(1, (c.Threads + 31) / 32);
        Console.WriteLine($"  {kernel.Name}: {Times(c.Launches, "launch", "launches")}, the last {kernel.LastShape}; {issued} instructions, {Per(issued, warps)} per warp, "
            + $"{Per(Sum(c.Lanes), issued)} lanes active; {Times(c.Barriers, "warp at a barrier", "warps at barriers")}");
        IEnumerable<string> kinds = s_kinds.Select((kind, i) => (kind, Issued: c.Issued[i])).Where(k => k.Issued > 0)
            .OrderByDescending(k => k.Issued).Select(k => $"{k.kind} {Share(k.Issued, issued)} %");
        Console.WriteLine($"    {string.Join(", ", kinds)}");
        Print("global", "sectors of 32 bytes", c.Global);
        Print("shared", "passes of 128 bytes", c.Shared);
        Print("local", "sectors of 32 bytes", c.Local);
        IReadOnlyList<PtxInstruction> instructions = Softcuda.InstructionsOf(kernel.Name);
        PrintOpcodes(instructions, issued);
        PrintLines(instructions, issued);
    }

    private void PrintOpcodes(IReadOnlyList<PtxInstruction> instructions, ulong issued)
    {
        IEnumerable<string> most = instructions.GroupBy(i => i.Opcode).Select(g => (Opcode: g.Key, Issued: Sum(g.Select(i => i.Issued))))
            .OrderByDescending(g => g.Issued).Take(lines).Select(g => $"{g.Opcode} {Share(g.Issued, issued)} %");
        if (lines > 0) Console.WriteLine($"    {string.Join(", ", most)}");
    }

    private static void Print(string memory, string unit, PtxAccesses a)
    {
        if (a.Transactions > 0) Console.WriteLine($"    {memory} memory: {a.Bytes} bytes in {a.Transactions} {unit}, {Per(a.Transactions, a.Fewest)} times the fewest ({a.Fewest})");
    }

    private void PrintLines(IReadOnlyList<PtxInstruction> instructions, ulong issued)
    {
        SourcePlace? sources = SourcePlace.Find();
        var most = instructions.Where(i => i.Line > 0).GroupBy(i => (i.File, i.Line))
            .Select(g => (g.Key.File, g.Key.Line, Issued: Sum(g.Select(i => i.Issued))))
            .OrderByDescending(line => line.Issued).Take(lines);
        foreach (var line in most)
        {
            Console.WriteLine($"    {Share(line.Issued, issued),5} %  {Shown(line.File, sources)}:{line.Line}  {TextOf(line.File, line.Line)}");
        }
    }

    private static string Shown(string file, SourcePlace? sources) =>
        sources is not null && Path.IsPathRooted(file) ? Path.GetRelativePath(sources.Root, file) : file;

    private static string TextOf(string file, int line) =>
        File.Exists(file) ? File.ReadLines(file).ElementAtOrDefault(line - 1)?.Trim() ?? "" : "";

    private static ulong Sum(IEnumerable<ulong> values) => values.Aggregate(0UL, (sum, value) => sum + value);

    private static string Share(ulong part, ulong whole) => (100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture);

    private static string Times(ulong count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    private static string Per(ulong count, ulong of) => ((double)count / Math.Max(1, of)).ToString("F1", CultureInfo.InvariantCulture);
}
