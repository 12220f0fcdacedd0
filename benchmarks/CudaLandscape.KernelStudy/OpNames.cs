using System.Runtime.CompilerServices;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.KernelStudy;

/// <summary>The ops that can be studied, and the kernels each of them launches, found by running it.</summary>
internal static class OpNames
{
    // Large enough for windows, kernels and every axis of the benchmark table.
    private const int SmallSize = 6;

    /// <summary>What can be timed: every op's rows and those of work without an op.</summary>
    public static IReadOnlyList<BenchmarkRow> Rows { get; } = [.. BenchmarkTable.Rows, .. PlainWork.All.Select(work => work.Row)];

    /// <summary>The names of all rows, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Rows.Select(row => row.Op).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The work of that name, where it is no op.</summary>
    public static PlainWork? WithoutOp(string name) => PlainWork.All.FirstOrDefault(work => work.Row.Op == name);

    /// <summary>The file of an op's class, or of the code that launches the kernels of other work.</summary>
    public static string? SourceOf(string name, SourcePlace sources) =>
        WithoutOp(name)?.Source is { } file ? (File.Exists(Path.Combine(sources.Root, file)) ? file : null) : sources.OfOp(TypeOf(name));

    /// <summary>The op's class.</summary>
    public static Type TypeOf(string op) => typeof(Op).Assembly.GetTypes()
        .Single(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract && ((Op)RuntimeHelpers.GetUninitializedObject(type)).Name == op);

    /// <summary>Kernels that calls of the op launch, by running its rows at a small size.</summary>
    public static IReadOnlyList<Kernel> KernelsOf(string op, Device device) =>
        [.. Rows.Where(row => row.Op == op).SelectMany(row => new[] { DType.Float32, DType.Float64 }
            .SelectMany(type => KernelsOf(row, device, type))).DistinctBy(kernel => kernel.Name).OrderBy(kernel => kernel.Name, StringComparer.Ordinal)];

    /// <summary>
    /// The op of that name, or the ops that launch the kernel of that name, with or without its type; none for a kernel that
    /// no op launches.
    /// </summary>
    /// <exception cref="ArgumentException">Neither exists.</exception>
    public static IReadOnlyList<string> Find(string name, Device device)
    {
        if (All.Contains(name)) return [name];
        string[] launching = [.. All.Where(op => KernelsOf(op, device).Any(kernel => kernel.Name == name || kernel.Name.StartsWith(name + "_", StringComparison.Ordinal)))];
        return launching.Length > 0 || KernelsNamed(name, device).Count > 0 ? launching : throw new ArgumentException(
            $"{name}: no op has this name and no op launches a kernel of this name; give one of {string.Join(", ", All)}, "
            + "or a kernel such as figure1_gradient.");
    }

    /// <summary>The kernels of that name, with or without their type.</summary>
    public static IReadOnlyList<Kernel> KernelsNamed(string name, Device device) =>
        [.. new[] { name, $"{name}_f32", $"{name}_f64" }.Select(full => TryGet(full, device)).OfType<Kernel>()];

    private static Kernel? TryGet(string name, Device device)
    {
        try
        {
            return device.GetKernel(name);
        }
        catch (CudaException)
        {
            return null;
        }
    }

    private static Kernel[] KernelsOf(BenchmarkRow row, Device device, DType type)
    {
        using TensorScope scope = new();
        using BenchmarkInputs inputs = new(device, type);
        Func<Tensor> call = row.Prepare(inputs, SmallSize);
        Dictionary<string, long> before = device.Kernels.ToDictionary(kernel => kernel.Name, kernel => kernel.LaunchCount);
        call();
        return [.. device.Kernels.Where(kernel => kernel.LaunchCount > before.GetValueOrDefault(kernel.Name))];
    }
}
