using CudaLandscape.Interop;
using CudaLandscape.TestKit.Benchmarks;

namespace CudaLandscape.Tensors.Tests.Coverage;

/// <summary>Whether an op can be recorded and replayed.</summary>
internal static class Capture
{
    /// <summary>True when a replay gives the bits of the plain call; false when recording is refused.</summary>
    public static bool IsPossible(BenchmarkRow row, int size)
    {
        using TensorScope scope = new();
        Device device = TestDevices.Primary;
        using BenchmarkInputs inputs = new(device, DType.Float64);
        Func<Tensor> call = row.Prepare(inputs, size);
        Tensor plain = call();
        Tensor replayed = Tensor.Zeros(device, plain.Shape, plain.DType);
        try
        {
            using CapturedStep step = CapturedStep.Record(device, () => CopyResult(call, replayed));
            replayed.CopyFrom(Tensor.Zeros(device, plain.Shape, plain.DType));
            step.Replay();
            bool same = plain.ToBytes().AsSpan().SequenceEqual(replayed.ToBytes());
            Assert.True(same, $"{row}: a replay gives other bits than the call");
            return true;
        }
        catch (CudaException)
        {
            return false;
        }
    }

    private static void CopyResult(Func<Tensor> call, Tensor result)
    {
        using TensorScope scope = new();
        result.CopyFrom(call());
    }
}
