namespace CudaLandscape.Interop.Tests;

[Collection(DeviceCollection.Name)]
public sealed unsafe class KernelTests
{
    private const string Fill = "elementwise_fill_f32";

    [SkippableFact]
    public void A_kernel_runs_on_the_default_device()
    {
        using DeviceContext context = Devices.Open();
        Assert.Equal([2.5f, 2.5f, 2.5f], Filled(context, 3));
    }

    [SkippableFact]
    public void A_kernel_runs_on_the_check_device()
    {
        Devices.RequireSoft();
        using DeviceContext context = DeviceContext.Open(DeviceId.Parse("soft:1"));
        Assert.All(Filled(context, 1000), value => Assert.Equal(2.5f, value));
    }

    [SkippableFact]
    public void A_module_knows_its_file_and_keeps_its_kernels()
    {
        using DeviceContext context = Devices.Open();
        int before = LiveHandles.Count;
        using (KernelModule module = Load(context))
        {
            Assert.True(File.Exists(module.ImagePath));
            Assert.Matches("^[0-9a-f]{64}$", module.ImageSha256);
            Kernel kernel = module.GetKernel(Fill);
            Assert.Same(kernel, module.GetKernel(Fill));
            Assert.Equal(Fill, kernel.Name);
            Assert.InRange(kernel.MaxThreadsPerBlock, 1, context.MaxThreadsPerBlock);
            Assert.True(kernel is { RegisterCount: >= 0, SharedBytes: >= 0, LocalBytes: >= 0 });
            Assert.Equal(before + 1, LiveHandles.Count);
        }

        Assert.Equal(before, LiveHandles.Count);
    }

    [SkippableFact]
    public void An_unknown_kernel_is_named()
    {
        using DeviceContext context = Devices.Open();
        using KernelModule module = Load(context);
        CudaException failure = Assert.Throws<CudaException>(() => module.GetKernel("no_such_kernel"));
        Assert.Equal("CUDA_ERROR_NOT_FOUND", failure.StatusName);
        Assert.Contains("\"no_such_kernel\"", failure.Message);
    }

    [SkippableFact]
    public void A_wrong_launch_names_the_kernel_and_its_shape()
    {
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        using KernelModule module = Load(context);
        using DeviceMemory memory = DeviceMemory.Allocate(context, sizeof(float));
        Kernel kernel = module.GetKernel(Fill);
        CudaException failure = Assert.Throws<CudaException>(
            () => LaunchFill(kernel, stream, memory, 1, new LaunchShape(1, 1, 1, 100_000, 1, 1, 0)));
        Assert.Equal($"cuLaunchKernel({Fill}, grid 1x1x1, block 100000x1x1, 0 B shared)", failure.Call);
    }

    [SkippableFact]
    public void A_kernel_of_a_disposed_module_is_not_launched()
    {
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        KernelModule module = Load(context);
        Kernel kernel = module.GetKernel(Fill);
        module.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => kernel.Launch(stream, new(1, 1, 1, 1, 1, 1, 0), null));
        _ = Assert.Throws<ObjectDisposedException>(() => module.GetKernel(Fill));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Overlapping_launches_wait_for_each_other(bool recorded)
    {
        const int links = 100;
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        using KernelModule module = Load(context);
        using DeviceVector x = new(stream, ScalarType.Float32, 0, 5);
        Kernel kernel = module.GetKernel("chain_link");
        LaunchShape shape = new(1, 1, 1, (uint)Math.Min(2, context.MaxThreadsPerBlock), 1, 1, 0);
        ulong address = x.Address;
        long count = 2;
        void** arguments = stackalloc void*[] { &count, &address };
        if (recorded) stream.BeginCapture();
        for (int i = 0; i < links; i++) kernel.LaunchOverlapping(stream, shape, arguments);
        if (recorded)
        {
            using CapturedGraph graph = stream.EndCapture();
            graph.Launch(stream);
            stream.Synchronize();
        }

        Assert.Equal([links, 5 + links], x.Read());
        Assert.Equal(links, kernel.LaunchCount);
        CudaException failure = Assert.Throws<CudaException>(() => kernel.LaunchOverlapping(stream, shape with { BlockX = 100_000 }, arguments));
        Assert.Equal("cuLaunchKernelEx(chain_link, grid 1x1x1, block 100000x1x1, 0 B shared)", failure.Call);
    }

    private static float[] Filled(DeviceContext context, int count)
    {
        using DeviceStream stream = DeviceStream.Create(context);
        using KernelModule module = Load(context);
        using DeviceMemory memory = DeviceMemory.Allocate(context, count * sizeof(float));
        uint threads = (uint)Math.Min(256, context.MaxThreadsPerBlock);
        LaunchFill(module.GetKernel(Fill), stream, memory, count, new LaunchShape(4, 1, 1, threads, 1, 1, 0));
        float[] back = new float[count];
        fixed (float* destination = back)
        {
            stream.CopyDeviceToHost(destination, memory.Address, memory.Bytes);
        }

        return back;
    }

    private static void LaunchFill(Kernel fill, DeviceStream stream, DeviceMemory target, long count, LaunchShape shape)
    {
        ulong address = target.Address;
        double value = 2.5;
        void** arguments = stackalloc void*[] { &count, &address, &value };
        fill.Launch(stream, shape, arguments);
    }

    private static KernelModule Load(DeviceContext context)
    {
        try
        {
            return KernelModule.LoadBuiltIn(context);
        }
        catch (DeviceUnavailableException missing)
        {
            Skip.If(true, missing.Message);
            throw;
        }
    }
}
