using CudaLandscape.Interop;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Linalg;

namespace CudaLandscape.Tensors.Tests;

/// <summary>A small step from opening the device to closing it that calls every function of the bindings.</summary>
internal static class TrainingStep
{
    public static double Run(DeviceId id)
    {
        using Device device = Device.Open(id);
        double result;
        using (TensorScope scope = new())
        {
            result = Loss(device, DType.Float32) + Loss(device, DType.Float64) + Ranks(device) + Vectors(device) + Replay(device);
            Time(device);
        }

        Assert.Equal(0, device.UsedBytes);
        return result;
    }

    private static double Loss(Device device, DType type)
    {
        using TensorScope scope = new();
        Tensor x = TestData.Spread([2, 4, 3], 80).ToTensor(device, type);
        Tensor w = TestData.Spread([3, 5], 81).ToTensor(device, type).RequireGradient();
        Tensor v = TestData.Spread([2, 5, 4], 82).ToTensor(device, type).RequireGradient();
        Tensor y = x.MatMul(w).Sigmoid().MatMul(v).SumTo([4, 1]);
        Tensor triangle = TestData.Dominant(4, 83).ToTensor(device, type);
        Tensor loss = triangle.SolveTriangular(y, upper: false).Sum();
        Tensor[] gradients = Gradient.Of(loss, [w, v]);
        w.Detach().CopyFrom(gradients[0]);
        return loss.Item() + w.Sum().Item() + gradients[1].Transposed().Sum().Item();
    }

    private static Tensor Transposed(this Tensor x) => x.Reshape([10, 4]).Transpose();

    // One matrix small enough for the singular values of R.
    private static double Ranks(Device device) =>
        Rank.Of(TestData.Spread([7, 4], 84).ToTensor(device, DType.Float64)).Rank;

    // The vector routines, which no op of the engine needs yet.
    private static double Vectors(Device device)
    {
        using TensorScope scope = new();
        double result = 0;
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            DType element = type == ScalarType.Float32 ? DType.Float32 : DType.Float64;
            Tensor x = Tensor.Full(device, [3], element, 2), a = Tensor.Full(device, [3, 3], element, 1);
            Tensor y = Tensor.Zeros(device, [3], element);
            device.Stream.Fill32(y.Address, 0, 1);
            device.Blas.Gemv(Transpose.None, 3, 3, 1, a.Address, 3, x.Address, 1, 0, y.Address, 1, type);
            device.Blas.Scal(3, 0.5, y.Address, 1, type);
            result += device.Blas.Dot(3, x.Address, 1, y.Address, 1, type) + device.Blas.Nrm2(3, y.Address, 1, type);
        }

        return result;
    }

    private static double Replay(Device device)
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Full(device, [8], DType.Float64, 1);
        device.Stream.BeginCapture();
        Assert.Equal(CaptureStatus.Active, EndOnFailure(device, () =>
        {
            device.Launch("elementwise_fill", DType.Float64, 8, 8L, x, 3.0);
            device.Blas.Scal(8, 0.5, x.Address, 1, ScalarType.Float64);
            return device.Stream.GetCaptureStatus();
        }));
        using CapturedGraph graph = device.Stream.EndCapture();
        graph.Launch(device.Stream);
        return x.ToArray<double>().Sum();
    }

    // A recording that is left open would refuse the releases that follow it.
    private static T EndOnFailure<T>(Device device, Func<T> recorded)
    {
        try
        {
            return recorded();
        }
        catch
        {
            _ = Record.Exception(() => device.Stream.EndCapture().Dispose());
            throw;
        }
    }

    private static void Time(Device device)
    {
        using DeviceEvent start = DeviceEvent.Create(device.Context), end = DeviceEvent.Create(device.Context);
        start.Record(device.Stream);
        device.Stream.Wait(start);
        end.Record(device.Stream);
        end.Synchronize();
        Assert.True(end.IsComplete());
        Assert.True(end.MillisecondsSince(start) >= 0);
        Assert.True(device.Context.MemoryInfo().Free > 0);
        device.Context.Synchronize();
    }
}
