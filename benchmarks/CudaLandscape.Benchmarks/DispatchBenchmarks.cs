using BenchmarkDotNet.Attributes;
using CudaLandscape.Interop;
using CudaLandscape.Tensors;

namespace CudaLandscape.Benchmarks;

/// <summary>
/// Host cost of one op: ops on tensors of zero and one element, without and with recording. The peer is PyTorch eager,
/// benchmarks/baselines/dispatch.py.
/// </summary>
public class DispatchBenchmarks
{
    private Device _device = null!;
    private Tensor _empty = null!, _one = null!, _leaf = null!;

    /// <summary>Opens the device.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(DeviceId.Default);
        _empty = Tensor.Zeros(_device, [0], DType.Float32);
        _one = Tensor.Zeros(_device, [1], DType.Float32);
        _leaf = Tensor.Zeros(_device, [1], DType.Float32).RequireGradient();
    }

    /// <summary>Closes the device.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (Tensor tensor in (Tensor[])[_empty, _one, _leaf]) tensor.Dispose();
        _device.Dispose();
    }

    /// <summary>a + b of no elements.</summary>
    [Benchmark]
    public void AddEmpty() => (_empty + _empty).Dispose();

    /// <summary>a + b of one element.</summary>
    [Benchmark]
    public void AddOne() => (_one + _one).Dispose();

    /// <summary>sigmoid of one element.</summary>
    [Benchmark]
    public void SigmoidOne() => _one.Sigmoid().Dispose();

    /// <summary>a + b of one element, recorded on the tape.</summary>
    [Benchmark]
    public void AddOneRecorded() => (_leaf + _one).Dispose();

    /// <summary>A 1 x 1 matrix product.</summary>
    [Benchmark]
    public void MatMulOne()
    {
        using TensorScope scope = new();
        Tensor matrix = _one.Reshape([1, 1]);
        matrix.MatMul(matrix);
    }
}
