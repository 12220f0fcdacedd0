using System.Runtime.CompilerServices;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Tests.Table;
using CudaLandscape.TestKit.Benchmarks;
using CudaLandscape.TestKit.Table;

namespace CudaLandscape.Tensors.Tests.Coverage;

/// <summary>What the suite knows of one op, found by running it and by counting its rows.</summary>
internal sealed record OpFacts(string Op, Type Type, OpWork Work)
{
    // Large enough for windows, kernels and every axis of the benchmark table.
    private const int SmallSize = 6;

    /// <summary>The ops by name, found by reflection.</summary>
    public static IReadOnlyDictionary<string, Type> Types { get; } = typeof(Op).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract)
        .ToDictionary(type => ((Op)RuntimeHelpers.GetUninitializedObject(type)).Name);

    private static readonly Lazy<OpFacts[]> s_all = new(() =>
    [
        .. Types.Select(pair => new OpFacts(pair.Key, pair.Value, WorkOf(pair.Key))).OrderBy(facts => facts.Op, StringComparer.Ordinal),
    ]);

    /// <summary>Views: they launch nothing.</summary>
    public static IReadOnlySet<string> Views { get; } = new HashSet<string> { "identity", "reshape" };

    public static IReadOnlyList<OpFacts> All => s_all.Value;

    /// <summary>Whether gradients flow through it.</summary>
    public bool IsDifferentiable => BenchmarkTable.Rows.Where(row => row.Op == Op)
        .Any(row => WithCall(row, TestDevices.Primary, DType.Float64, requireGradients: true, call => call().RequiresGradient));

    /// <summary>Rows whose first and second derivatives are compared with finite differences.</summary>
    public int DerivativeRows => OpTable.Rows.Count(row => row.Op == Op && row.Differentiable);

    /// <summary>Whether PyTorch's values, gradients and second-order products are compared with the op's.</summary>
    public bool HasPyTorchCase => PyTorchOracleTests.Ops.Contains(Op);

    /// <summary>Whether it can be recorded, on the device that is fastest.</summary>
    public bool IsCapturable => BenchmarkTable.Rows.Where(row => row.Op == Op).All(row => Capture.IsPossible(row, SmallSize));

    /// <summary>The op's own inputs and call, small, for a test.</summary>
    public static T WithCall<T>(BenchmarkRow row, Device device, DType type, bool requireGradients, Func<Func<Tensor>, T> use)
    {
        using TensorScope scope = new();
        using BenchmarkInputs inputs = new(device, type, requireGradients);
        return use(row.Prepare(inputs, SmallSize));
    }

    private static OpWork WorkOf(string op)
    {
        OpWork work = new(new HashSet<string>(), new HashSet<string>());
        foreach (BenchmarkRow row in BenchmarkTable.Rows.Where(row => row.Op == op))
        {
            foreach (DType type in (DType[])[DType.Float32, DType.Float64])
                work = work.And(WithCall(row, TestDevices.Check, type, requireGradients: false, WorkOf));
        }

        return work;
    }

    // Queues run when they are waited for, so the making of the inputs must have ended before.
    private static OpWork WorkOf(Func<Tensor> call)
    {
        TestDevices.Check.Synchronize();
        return OpWork.Of(() =>
        {
            call();
            TestDevices.Check.Synchronize();
        });
    }
}
