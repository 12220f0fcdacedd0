namespace CudaLandscape.Interop.Tests;

/// <summary>A context with a stream, the kernels and a few doubles on one of softcuda's devices.</summary>
internal sealed unsafe class Lane : IDisposable
{
    internal const int Count = 64;

    internal Lane(string device)
    {
        Devices.RequireSoft();
        Context = DeviceContext.Open(DeviceId.Parse(device));
        Stream = DeviceStream.Create(Context);
        Module = KernelModule.LoadBuiltIn(Context);
        Data = DeviceMemory.Allocate(Context, Count * sizeof(double));
    }

    internal DeviceContext Context { get; }

    internal DeviceStream Stream { get; }

    internal KernelModule Module { get; }

    internal DeviceMemory Data { get; }

    public void Dispose()
    {
        Stream.Dispose();
        Data.Dispose();
        Module.Dispose();
        Context.Dispose();
    }

    /// <summary>Queues a kernel that sets every element; its arguments are gone when this returns.</summary>
    internal void Fill(double value, DeviceStream? stream = null, ulong? address = null)
    {
        long size = Count;
        ulong target = address ?? Data.Address;
        void** arguments = stackalloc void*[] { &size, &target, &value };
        uint threads = (uint)Math.Min(64, Context.MaxThreadsPerBlock);
        Module.GetKernel("elementwise_fill_f64").Launch(stream ?? Stream, new LaunchShape(2, 1, 1, threads, 1, 1, 0), arguments);
        (size, target, value) = (-1, 0, double.NaN);
    }

    internal double[] Read()
    {
        double[] values = new double[Count];
        fixed (double* target = values) Stream.CopyDeviceToHost(target, Data.Address, Data.Bytes);
        return values;
    }
}
