using System.Runtime.CompilerServices;

namespace CudaLandscape.Interop.Tests;

[Collection(DeviceCollection.Name)]
public sealed class OwnershipTests
{
    [SkippableFact]
    public void Every_kind_is_counted_and_given_back()
    {
        Devices.Require();
        int before = LiveHandles.Count;
        using (DeviceContext context = Devices.Open())
        using (DeviceStream stream = DeviceStream.Create(context))
        using (DeviceEvent.Create(context))
        using (DeviceMemory.Allocate(context, 8))
        using (CublasHandle.Create(stream))
        using (CusolverHandle.Create(stream))
        {
            Assert.Equal(before + 7, LiveHandles.Count);
            Assert.Equal(2, LiveHandles.ByKind[nameof(DeviceMemory)]);
            Assert.Equal(1, LiveHandles.ByKind[nameof(CublasHandle)]);
        }

        Assert.Equal(before, LiveHandles.Count);
        Assert.False(LiveHandles.ByKind.ContainsKey(nameof(CublasHandle)));
    }

    [SkippableFact]
    public void Parents_may_be_disposed_before_their_children()
    {
        Devices.Require();
        int before = LiveHandles.Count;
        DeviceContext context = Devices.Open();
        DeviceStream stream = DeviceStream.Create(context);
        DeviceMemory memory = DeviceMemory.Allocate(context, 8);
        CublasHandle blas = CublasHandle.Create(stream);
        stream.Fill8(memory.Address, 0, 8);
        context.Dispose();
        stream.Dispose();
        Assert.Equal(before + 5, LiveHandles.Count);
        Assert.Equal(0.0, blas.Nrm2(1, memory.Address, 1, ScalarType.Float64));
        memory.Dispose();
        blas.Dispose();
        Assert.Equal(before, LiveHandles.Count);
    }

    [SkippableFact]
    public void What_is_disposed_cannot_be_used()
    {
        using DeviceContext context = Devices.Open();
        DeviceStream stream = DeviceStream.Create(context);
        DeviceMemory memory = DeviceMemory.Allocate(context, 8);
        stream.Dispose();
        memory.Dispose();
        memory.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(stream.Synchronize);
        _ = Assert.Throws<ObjectDisposedException>(() => stream.Handle);
        _ = Assert.Throws<ObjectDisposedException>(() => memory.Address);
        _ = Assert.Throws<ObjectDisposedException>(() => CublasHandle.Create(stream));
        context.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => DeviceMemory.Allocate(context, 8));
        _ = Assert.Throws<ObjectDisposedException>(context.Synchronize);
    }

    [SkippableFact]
    public void The_finalizer_gives_back_what_was_forgotten()
    {
        Devices.Require();
        int before = LiveHandles.Count;
        Forget();
        for (int attempt = 0; attempt < 20 && LiveHandles.Count > before; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal(before, LiveHandles.Count);
        ReleaseFailures.ThrowIfAny();
    }

    [SkippableFact]
    public void Threads_share_a_context()
    {
        using DeviceContext context = Devices.Open();
        int before = LiveHandles.Count;
        Parallel.For(0, 64, _ =>
        {
            using DeviceStream stream = DeviceStream.Create(context);
            using DeviceMemory memory = DeviceMemory.Allocate(context, 4096);
            stream.Fill8(memory.Address, 1, memory.Bytes);
            stream.Synchronize();
        });
        Assert.Equal(before, LiveHandles.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        DeviceContext context = Devices.Open();
        DeviceStream stream = DeviceStream.Create(context);
        _ = DeviceMemory.Allocate(context, 64);
        _ = CublasHandle.Create(stream);
        _ = CusolverHandle.Create(stream);
    }
}
