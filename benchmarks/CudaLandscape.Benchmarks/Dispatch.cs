using System.Diagnostics;
using System.Globalization;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Our side of <c>baselines/dispatch.py</c>: the host's cost of one op on tensors of no and of one element, without and with
/// recording. It prints what each op gives, and then times rounds of the op that a line names. The device catches up between
/// groups of calls, outside the time taken, so that a full queue of launches is not counted as the host's work.
/// </summary>
internal static class Dispatch
{
    private const int CallsOfGroup = 200;

    /// <summary>Arguments: value of the element, groups of 200 calls in a round.</summary>
    public static void Run(string[] arguments)
    {
        double value = double.Parse(arguments[0], CultureInfo.InvariantCulture);
        int groups = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        using Device device = Device.Open(DeviceId.Default);
        Dictionary<string, Func<Tensor>> ops = Ops(device, (float)value);
        foreach ((string name, Func<Tensor> op) in ops) Console.WriteLine($"{name}={Result(op)}");
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } name) Time(device, ops[name], groups);
    }

    // The names are those of the script's table. No scope is open, which would keep a list of all that the calls make.
    private static Dictionary<string, Func<Tensor>> Ops(Device device, float value)
    {
        Tensor empty = Tensor.Zeros(device, [0], DType.Float32), one = Tensor.From(device, [1], [value]);
        Tensor leaf = Tensor.From(device, [1], [value]).RequireGradient();
        return new Dictionary<string, Func<Tensor>>
        {
            ["add, no elements"] = () => empty + empty,
            ["add, 1 element"] = () => one + one,
            ["sigmoid, 1 element"] = () => one.Sigmoid(),
            ["add, 1 element, recorded"] = () => leaf + one,
            ["1 x 1 matrix product"] = () => Product(one),
        };
    }

    private static Tensor Product(Tensor one)
    {
        using TensorScope scope = new();
        Tensor matrix = one.Reshape([1, 1]);
        return scope.Return(matrix.MatMul(matrix));
    }

    private static string Result(Func<Tensor> op)
    {
        using Tensor result = op();
        return string.Join(' ', result.Detach().ToArray<float>().Select(x => x.ToString("R", CultureInfo.InvariantCulture)));
    }

    // Nanoseconds of wall and of processor time per call. The processor's time includes the waits between groups.
    private static void Time(Device device, Func<Tensor> op, int groups)
    {
        Stopwatch wall = new();
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        for (int group = 0; group < groups; group++)
        {
            wall.Start();
            for (int i = 0; i < CallsOfGroup; i++) op().Dispose();
            wall.Stop();
            device.Synchronize();
        }

        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        double calls = (double)groups * CallsOfGroup;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wall.Elapsed.TotalNanoseconds / calls:R} {processor.TotalNanoseconds / calls:R}"));
    }
}
