using CudaLandscape.Interop;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests;

/// <summary>Device memory: who holds it, when it is free again, and what happens when there is too little.</summary>
[Collection("device")]
public sealed class LifetimeTests
{
    private static Device Device => TestDevices.Primary;

    [Fact]
    public void A_scope_releases_what_was_made_in_it_and_keeps_what_is_returned()
    {
        long before = Device.UsedBytes;
        Tensor kept;
        using (TensorScope scope = new())
        {
            Tensor a = Tensor.Zeros(Device, [1000], DType.Float32);
            kept = scope.Keep(a + a);
        }

        Assert.InRange(Device.UsedBytes - before, 4000, 5120); // a reused block may be up to a quarter larger
        Assert.Equal(0, kept.ToArray<float>()[999]);
        kept.Dispose();
        Assert.Equal(before, Device.UsedBytes);
    }

    [Fact]
    public void A_returned_tensor_belongs_to_the_enclosing_scope()
    {
        Tensor result;
        using (TensorScope outer = new())
        {
            using (TensorScope inner = new()) result = inner.Return(Tensor.Zeros(Device, [4], DType.Float32));
            Assert.Equal(4, result.ToArray<float>().Length);
        }

        Assert.Throws<ObjectDisposedException>(() => result.ToArray<float>());
    }

    [Fact]
    public void Using_a_released_tensor_names_it_and_what_released_it()
    {
        Tensor lost;
        using (TensorScope scope = new()) lost = Tensor.Zeros(Device, [2, 3], DType.Float64).Sigmoid();
        ObjectDisposedException e = Assert.Throws<ObjectDisposedException>(() => lost.Sum());
        Assert.Contains("sigmoid [2,3] Float64", e.Message, StringComparison.Ordinal);
        Assert.Contains("TensorScope", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tape_owns_what_it_saved()
    {
        long before = Device.UsedBytes;
        using (TensorScope scope = new())
        {
            Tensor x = Tensor.From<double>(Device, [3], [1, 2, 3]).RequireGradient();
            Tensor y;
            using (TensorScope inner = new())
            {
                Tensor hidden = x.Sigmoid() * x;
                y = inner.Return((hidden * hidden).Sum());
            }

            double[] gradient = Gradient.Of(y, x).ToArray<double>();
            for (int i = 0; i < 3; i++)
            {
                double v = i + 1, s = 1 / (1 + Math.Exp(-v));
                Assert.Equal(2 * s * v * (s + v * s * (1 - s)), gradient[i], 1e-14);
            }
        }

        Assert.Equal(before, Device.UsedBytes);
    }

    [Fact]
    public void Second_derivatives_leave_no_memory_behind()
    {
        long before = Device.UsedBytes;
        for (int i = 0; i < 3; i++)
        {
            using TensorScope scope = new();
            Tensor x = Tensor.From<double>(Device, [2, 2], [0.1, 0.2, 0.3, 0.4]).RequireGradient();
            Tensor y = x.MatMul(x).Sigmoid().Sum();
            Gradient.HessianVectorProduct(y, [x], [Tensor.Full(Device, [2, 2], DType.Float64, 1)]);
        }

        Assert.Equal(before, Device.UsedBytes);
    }

    [Fact]
    public void A_long_chain_of_ops_neither_overflows_the_stack_nor_leaks()
    {
        long before = Device.UsedBytes;
        using (TensorScope scope = new())
        {
            Tensor x = Tensor.Full(Device, Shape.Scalar, DType.Float64, 1).RequireGradient(), y = x;
            for (int i = 0; i < 20000; i++)
            {
                using TensorScope step = new();
                y = step.Return(y.Scale(1, 1e-6));
            }

            Assert.Equal(1, Gradient.Of(y, x).Item());
        }

        Assert.Equal(before, Device.UsedBytes);
    }

    [Fact]
    public void Too_large_a_tensor_says_what_was_asked_and_free_and_leaves_all_as_it_was()
    {
        (long free, long total) = Device.Context.MemoryInfo();
        long before = Device.UsedBytes;
        DeviceOutOfMemoryException e =
            Assert.Throws<DeviceOutOfMemoryException>(() => Tensor.Empty(Device, [total], DType.Float64));
        Assert.InRange(e.RequestedBytes, 8 * total, 8 * total + 512);
        Assert.True(e.FreeBytes > 0 && e.FreeBytes <= total, $"free {e.FreeBytes} of {total}, before {free}");
        Assert.Equal(before, Device.UsedBytes);
        using Tensor smaller = Tensor.Full(Device, [1000], DType.Float64, 2);
        Assert.Equal(2, smaller.ToArray<double>()[999]);
    }

    [Fact]
    public void A_failed_op_in_the_middle_of_a_step_leaks_nothing()
    {
        long before = Device.UsedBytes;
        long tooMany = Device.Context.MemoryInfo().Total;
        Assert.Throws<DeviceOutOfMemoryException>(() =>
        {
            using TensorScope scope = new();
            Tensor x = Tensor.Full(Device, [1], DType.Float64, 1).RequireGradient();
            return (x.Sigmoid() * x).BroadcastTo([tooMany]).Sum().Item();
        });
        Assert.Equal(before, Device.UsedBytes);
    }

    [Fact]
    public void A_device_that_is_closed_leaves_no_live_handle()
    {
        int before = LiveHandles.Count;
        using (Device device = Device.Open(DeviceId.Default))
        {
            using TensorScope scope = new();
            Assert.Equal(3, (Tensor.Full(device, [3], DType.Float32, 1)).Sum().Item());
        }

        Assert.Equal(before, LiveHandles.Count);
    }

    [Fact]
    public void Scopes_close_in_order()
    {
        TensorScope outer = new(), inner = new();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
    }
}
