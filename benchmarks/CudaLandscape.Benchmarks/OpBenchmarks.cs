using BenchmarkDotNet.Attributes;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Every row of the benchmark table on the default device, forward, in float32 and float64; the time is that of one call among
/// several queued one after the other.
/// </summary>
public class OpBenchmarks
{
    private const int CallsPerWait = 8;

    private Device _device = null!;
    private BenchmarkInputs _inputs = null!;
    private Func<Tensor> _call = null!;

    /// <summary>The rows' names.</summary>
    public static IEnumerable<string> Rows => BenchmarkTable.Rows.Select(row => row.ToString());

    /// <summary>The row that is timed.</summary>
    [ParamsSource(nameof(Rows))]
    public string Row { get; set; } = "";

    /// <summary>The float type of its inputs.</summary>
    [Params(DType.Float32, DType.Float64)]
    public DType Type { get; set; }

    /// <summary>Bytes of a call of each row that was run: each input read once, the result written once.</summary>
    public static Dictionary<(string Row, DType Type), long> Bytes { get; } = [];

    /// <summary>Opens the device and makes the inputs.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(DeviceId.Default);
        _inputs = new BenchmarkInputs(_device, Type);
        BenchmarkRow row = BenchmarkTable.Get(Row);
        _call = row.Prepare(_inputs, row.Size);
        using Tensor y = _call();
        Bytes[(Row, Type)] = _inputs.ByteCount + y.Bytes;
    }

    /// <summary>Closes the device.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _inputs.Dispose();
        _device.Dispose();
    }

    /// <summary>Calls of the op, and the wait for them.</summary>
    [Benchmark(OperationsPerInvoke = CallsPerWait)]
    public void Call()
    {
        for (int i = 0; i < CallsPerWait; i++) _call().Dispose();
        _device.Synchronize();
    }
}
