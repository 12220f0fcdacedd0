using System.CommandLine;
using CudaLandscape.Experiments.Cli;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.KernelStudy;

/// <summary>
/// The command <c>kernel</c>: where an op and its kernels are written, whether their results are right on this device, how fast
/// they are over sizes, and what they need of a multiprocessor.
/// </summary>
internal static class KernelCommand
{
    private static readonly Argument<string?> s_name = new("NAME")
    {
        Description = "An op such as sigmoid, or a kernel such as pool2d_argmax.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<IReadOnlyList<int>?> s_sizes = NumberOption.List(
        "--sizes", "Values of n, as 1000,4000; a quarter of the row's, the row's and four times it when left out.", NumberRange.Count(1), "1000,4000");

    private static readonly Option<bool> s_list = new("--list") { Description = "Print the names of all ops." };
    private static readonly Option<bool> s_once = new("--once") { Description = "Call every row once and time nothing: for a profiler." };
    private static readonly Option<bool> s_ncu = new("--ncu") { Description = "Print the command line that profiles the kernels with Nsight Compute." };

    private static readonly Option<string?> s_shapes = new("--shapes")
    {
        Description = "For a convolution: time every variant of its passes at this network's sizes, and print the rows of the table that chooses among them.",
    };

    private static readonly Option<string?> s_ptx = new("--ptx")
    {
        Description = "Count what the kernels do by this PTX, a file or a folder, on softcuda: instructions, lanes, sectors, lines.",
    };

    private static readonly Option<int> s_lines = NumberOption.WithDefault(
        "--lines", "With --ptx: so many lines of source, those with most instructions.", NumberRange.Count(0), 5);

    public static Command Create()
    {
        s_shapes.AcceptOnlyFromAmong(ConvolutionLayer.Networks);
        Command command = new("kernel", "Where a kernel is written, whether it is right, and how fast it is.")
        {
            s_name, s_sizes, s_shapes, s_list, s_once, s_ncu, s_ptx, s_lines, StudyOptions.Types, StudyOptions.Noise, StudyOptions.Seconds, StudyOptions.Device,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (parsed.GetValue(s_list)) return List();
        string name = parsed.GetValue(s_name) ?? throw new ArgumentException("kernel: give an op or a kernel; --list shows the ops.");
        if (parsed.GetValue(s_ptx) is { } ptx) return Count(name, ptx, parsed);
        using Device device = StudyOptions.Open(parsed);
        IReadOnlyList<string> ops = OpNames.Find(name, device);
        if (ops.Count == 0) return Describe(OpNames.KernelsNamed(name, device), device);
        if (parsed.GetValue(s_shapes) is { } network) return StudyShapes(network, ops, device, StudyOptions.TimerOf(parsed));
        if (parsed.GetValue(s_ncu)) return PrintProfilerLine(name, ops, device);
        bool right = true;
        foreach (string op in ops) right &= Study(op, device, parsed);
        return right ? ExitCodes.Done : ExitCodes.Wrong;
    }

    // A kernel that no op launches is part of a larger piece of work, which is checked and timed as a whole.
    private static int Describe(IReadOnlyList<Kernel> kernels, Device device)
    {
        PrintSources(kernels);
        foreach (Kernel kernel in kernels) Report.Print(kernel, device);
        Console.WriteLine("no op launches it, so nothing is timed here; the kernels of the fused MNIST step are timed as a whole, by benchmarks/baselines/mnist_step.py");
        return ExitCodes.Done;
    }

    // Each row once, at its smallest size unless told otherwise: it is an interpreter that counts.
    private static int Count(string name, string ptx, ParseResult parsed)
    {
        using Device device = PtxStudy.Open(ptx);
        IReadOnlyList<string> ops = OpNames.Find(name, device);
        if (ops.Count == 0) throw new ArgumentException($"--ptx: no op launches {name}, so that nothing runs that could be counted.");
        PtxStudy study = new(device, ptx, parsed.GetValue(s_lines));
        foreach (string op in ops)
        {
            PrintSources(op, OpNames.KernelsOf(op, device));
            study.Print(Cases(op, parsed, row => [Math.Max(1, row.Size / 4)]));
        }

        return ExitCodes.Done;
    }

    private static int StudyShapes(string network, IReadOnlyList<string> ops, Device device, TimerSettings settings)
    {
        if (!ops.All(op => op.StartsWith("conv2d", StringComparison.Ordinal)))
            throw new ArgumentException($"--shapes: networks' sizes are those of convolutions, not of {string.Join(", ", ops)}.");
        using ColdTimer timer = new(device, settings);
        return new ConvolutionStudy(device, timer).Print(network) ? ExitCodes.Done : ExitCodes.Wrong;
    }

    private static bool Study(string op, Device device, ParseResult parsed)
    {
        IReadOnlyList<Kernel> kernels = OpNames.KernelsOf(op, device);
        PrintSources(op, kernels);
        OpCheck check = OpCheck.Of(op, device);
        Console.WriteLine($"check: {check.Rows} rows against {check.Reference}; largest error over allowed error "
            + $"{check.Worst64:G2} in float64, {check.Worst32:G2} in float32{(check.Wrong.Count == 0 ? ": right" : "")}");
        foreach (string wrong in check.Wrong) Console.WriteLine($"WRONG: {wrong}");
        (BenchmarkRow Row, DType Type, int Size)[] cases = [.. Cases(op, parsed, row => [row.Size / 4, row.Size, 4 * row.Size])];
        if (parsed.GetValue(s_once)) CallOnce(cases, device);
        else Time(cases, device, StudyOptions.TimerOf(parsed));
        foreach (Kernel kernel in kernels) Report.Print(kernel, device);
        return check.Wrong.Count == 0;
    }

    private static void Time((BenchmarkRow Row, DType Type, int Size)[] cases, Device device, TimerSettings settings)
    {
        using ColdTimer timer = new(device, settings);
        Ceilings ceilings = new CeilingProbe(device, timer).Measure();
        Console.WriteLine(Machine.Describe(device));
        Report.Print(ceilings);
        Report.Print(cases.Select(c => Measured.Of(c.Row, c.Type, c.Size, device, timer)), ceilings);
    }

    private static void CallOnce((BenchmarkRow Row, DType Type, int Size)[] cases, Device device)
    {
        foreach ((BenchmarkRow row, DType type, int size) in cases)
        {
            using TensorScope scope = new();
            using BenchmarkInputs inputs = new(device, type);
            row.Prepare(inputs, size)();
            device.Synchronize();
        }
    }

    private static IEnumerable<(BenchmarkRow Row, DType Type, int Size)> Cases(string op, ParseResult parsed, Func<BenchmarkRow, int[]> sizes) =>
        from row in OpNames.Rows
        where row.Op == op
        from type in StudyOptions.TypesOf(parsed)
        from size in parsed.GetValue(s_sizes) ?? sizes(row)
        select (row, type, size);

    private static void PrintSources(string op, IReadOnlyList<Kernel> kernels)
    {
        SourcePlace? sources = SourcePlace.Find();
        string source = (sources is null ? null : OpNames.SourceOf(op, sources)) ?? "its source is not here";
        Console.WriteLine($"{(OpNames.WithoutOp(op) is null ? "op" : "work")} {op}: {source}");
        PrintSources(kernels);
        if (kernels.Count == 0) Console.WriteLine("no kernel of ours: a view, or cuBLAS or cuSOLVER alone");
    }

    private static void PrintSources(IReadOnlyList<Kernel> kernels)
    {
        SourcePlace? sources = SourcePlace.Find();
        foreach (Kernel kernel in kernels)
            Console.WriteLine($"kernel {kernel.Name}: {(sources is null ? "its source is not here" : string.Join(", ", sources.OfKernel(kernel.Name)))}");
    }

    private static int PrintProfilerLine(string name, IReadOnlyList<string> ops, Device device)
    {
        string[] kernels = [.. ops.SelectMany(op => OpNames.KernelsOf(op, device)).Select(kernel => kernel.Name).Distinct()];
        Console.WriteLine($"ncu --set full --kernel-name 'regex:^({string.Join('|', kernels)})$' "
            + $"dotnet {typeof(KernelCommand).Assembly.Location} kernel {name} --once --device cuda:0");
        return ExitCodes.Done;
    }

    private static int List()
    {
        foreach (string op in OpNames.All) Console.WriteLine(op);
        return ExitCodes.Done;
    }
}
