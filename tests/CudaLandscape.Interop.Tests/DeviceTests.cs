namespace CudaLandscape.Interop.Tests;

[Collection(DeviceCollection.Name)]
public sealed unsafe class DeviceTests
{
    [SkippableFact]
    public void The_context_knows_its_device()
    {
        using DeviceContext context = Devices.Open();
        Assert.Equal(DeviceId.Default, context.Id);
        Assert.NotEmpty(context.Name);
        Assert.True(context.DriverVersion >= 12000);
        Assert.True(context.MultiprocessorCount > 0);
        Assert.True(context.MaxThreadsPerBlock > 0);
        Assert.True(context.MaxThreadsPerMultiprocessor > 0);
        Assert.True(context.WarpSize > 0);
        Assert.True(context.MaxSharedBytesPerBlock > 0);
        Assert.True(context.ComputeCapability.Major >= 5);
        (long free, long total) = context.MemoryInfo();
        Assert.InRange(free, 1, total);
    }

    [SkippableFact]
    public void Only_soft_1_is_the_check_device()
    {
        Devices.RequireSoft();
        using DeviceContext fast = DeviceContext.Open(DeviceId.Parse("soft:0"));
        using DeviceContext check = DeviceContext.Open(DeviceId.Parse("soft:1"));
        Assert.Equal((false, true), (fast.IsCheckDevice, check.IsCheckDevice));
    }

    [SkippableFact]
    public void Only_soft_0_runs_one_thread_per_block()
    {
        using DeviceContext context = Devices.Open();
        Assert.Equal(context.Id == DeviceId.Parse("soft:0"), context.RunsOneThreadPerBlock);
        Devices.RequireSoft();
        using DeviceContext check = DeviceContext.Open(DeviceId.Parse("soft:1"));
        Assert.False(check.RunsOneThreadPerBlock);
    }

    [SkippableFact]
    public void Copies_go_there_and_back()
    {
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        using DeviceMemory first = DeviceMemory.Allocate(context, 16);
        using DeviceMemory second = DeviceMemory.Allocate(context, 16);
        int[] sent = [1, -2, 3, int.MaxValue];
        int[] back = new int[4];
        fixed (int* source = sent, destination = back)
        {
            stream.CopyHostToDevice(first.Address, source, 16);
            stream.CopyDeviceToDevice(second.Address, first.Address, 16);
            stream.CopyDeviceToHost(destination, second.Address, 16);
        }

        Assert.Equal(sent, back);
    }

    [SkippableFact]
    public void Fills_write_bytes_and_words()
    {
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        using DeviceMemory memory = DeviceMemory.Allocate(context, 16);
        stream.Fill8(memory.Address, 0x11, 16);
        stream.Fill32(memory.Address + 4, 0xA1B2C3D4, 2);
        // What NVIDIA's driver and softcuda would say of these addresses does not matter.
        stream.Fill8(0, 0xFF, 0);
        stream.Fill32(0, 0xFF, 0);
        stream.CopyDeviceToDevice(0, memory.Address, 0);
        uint[] back = new uint[4];
        fixed (uint* destination = back)
        {
            stream.CopyDeviceToHost(destination, memory.Address, 16);
        }

        Assert.Equal([0x11111111u, 0xA1B2C3D4u, 0xA1B2C3D4u, 0x11111111u], back);
    }

    [SkippableFact]
    public void Events_order_streams_and_measure_time()
    {
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        using DeviceStream other = DeviceStream.Create(context);
        using DeviceEvent start = DeviceEvent.Create(context);
        using DeviceEvent end = DeviceEvent.Create(context);
        start.Record(stream);
        other.Wait(start);
        end.Record(other);
        end.Synchronize();
        Assert.True(end.IsComplete());
        Assert.True(end.MillisecondsSince(start) >= 0);
        stream.Synchronize();
        context.Synchronize();
    }

    [SkippableFact]
    public void Asking_for_too_much_memory_tells_the_sizes()
    {
        using DeviceContext context = Devices.Open();
        int live = LiveHandles.Count;
        DeviceOutOfMemoryException failure =
            Assert.Throws<DeviceOutOfMemoryException>(() => DeviceMemory.Allocate(context, 1L << 50));
        Assert.Equal(1L << 50, failure.RequestedBytes);
        Assert.InRange(failure.FreeBytes, 1, failure.TotalBytes);
        Assert.StartsWith($"{context.Id} is out of memory: 1073741824.0 MiB (1125899906842624 B)", failure.Message);
        Assert.Equal(live, LiveHandles.Count);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Memory_of_no_bytes_is_refused(long bytes)
    {
        using DeviceContext context = Devices.Open();
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => DeviceMemory.Allocate(context, bytes));
    }

    [SkippableFact]
    public void A_copy_outside_device_memory_names_the_call()
    {
        Devices.RequireSoft();
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        CudaException failure = Assert.Throws<CudaException>(() => stream.Fill8(8, 0, 16));
        Assert.Equal(("CUDA driver", 1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"),
            (failure.Library, failure.Status, failure.StatusName, failure.Description));
        Assert.Equal("cuMemsetD8Async(destination, value, (nuint)bytes, held.Value)", failure.Call);
    }

    [SkippableFact]
    public void The_libraries_tell_their_files_and_versions()
    {
        Devices.Require();
        IReadOnlyList<LoadedLibrary> libraries = NativeLibraries.Describe();
        Assert.Equal(["driver", "cublas", "cusolver"], libraries.Select(library => library.Library));
        Assert.All(libraries, library => Assert.True(File.Exists(library.Path), library.ToString()));
        Assert.All(libraries, library => Assert.NotEmpty(library.Version));
        Assert.Contains(NativeLibraries.Probes, probe => probe.Outcome == ProbeOutcome.Found);
    }
}
