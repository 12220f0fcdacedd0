using System.CommandLine;
using System.Text.Json;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.KernelStudy;

/// <summary>The command <c>ceilings</c>: what bounds every kernel of this device, measured.</summary>
internal static class CeilingsCommand
{
    private static readonly Option<int?> s_size = NumberOption.Optional(
        "--n", "n of the n x n products and factorisations; 8192 on a GPU and 1536 on few cores when left out.", NumberRange.From(1, 100_000));

    private static readonly Option<string?> s_json = new("--json") { Description = "Write the values to this file as well." };

    public static Command Create()
    {
        Command command = new("ceilings", "Copy, matrix products, factorisations, launches: what this device does at best.")
        {
            s_size, s_json, StudyOptions.Noise, StudyOptions.Seconds, StudyOptions.Device,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        using Device device = StudyOptions.Open(parsed);
        using ColdTimer timer = new(device, StudyOptions.TimerOf(parsed));
        CeilingProbe probe = new(device, timer);
        if (parsed.GetValue(s_size) is { } n) probe = new CeilingProbe(device, timer) { MatrixSize = n };
        Console.WriteLine(Machine.Describe(device));
        Dictionary<string, double> found = [];
        foreach ((string name, Func<double> measure) in Probes(probe))
        {
            found[name] = measure();
            Console.WriteLine($"{name,-48} {found[name],10:G4}");
        }

        if (!probe.CanOverlap) Console.WriteLine("graph nodes that overlap: this device has none; they need compute capability 9.0");

        if (parsed.GetValue(s_json) is { } file) File.WriteAllText(file, JsonSerializer.Serialize(found));
        return ExitCodes.Done;
    }

    private static (string Name, Func<double> Measure)[] Probes(CeilingProbe probe) =>
    [
        ("copy by the driver, GB/s", () => probe.CopyGigabytes(byKernel: false)),
        ("copy by a kernel, GB/s", () => probe.CopyGigabytes(byKernel: true)),
        ($"float32 product n={probe.MatrixSize}, GFLOP/s", () => probe.ProductGigaflops(DType.Float32)),
        ($"float32 product with TF32 n={probe.MatrixSize}, GFLOP/s", probe.TensorFloat32Gigaflops),
        ($"float64 product n={probe.MatrixSize}, GFLOP/s", () => probe.ProductGigaflops(DType.Float64)),
        ($"Xgeqrf n={probe.MatrixSize}, GFLOP/s", () => probe.QrGigaflops(QrMethod.OneCall)),
        ($"QR by panels n={probe.MatrixSize}, GFLOP/s", () => probe.QrGigaflops(QrMethod.Panels)),
        ($"Xgesvd without vectors n={probe.SvdSize}, GFLOP/s", probe.SvdGigaflops),
        ("op of one element, µs", () => probe.OpMicroseconds(recorded: false)),
        ("the same recorded, µs", () => probe.OpMicroseconds(recorded: true)),
        ("launch in a chain, µs", () => probe.LaunchMicroseconds(recorded: false, overlapping: false)),
        ("graph node in a chain, µs", () => probe.LaunchMicroseconds(recorded: true, overlapping: false)),
        .. Overlapping(probe),
    ];

    private static (string Name, Func<double> Measure)[] Overlapping(CeilingProbe probe) => probe.CanOverlap
        ? [("graph node that overlaps, µs", () => probe.LaunchMicroseconds(recorded: true, overlapping: true))]
        : [];
}
