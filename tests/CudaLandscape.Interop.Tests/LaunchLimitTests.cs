namespace CudaLandscape.Interop.Tests;

/// <summary>The check device has sm_90's limits; the message says which one a launch exceeds.</summary>
[Collection(DeviceCollection.Name)]
public sealed unsafe class LaunchLimitTests
{
    private const string Fill = "elementwise_fill_f64";
    private const int MostShared = 227 * 1024;

    [SkippableTheory]
    [InlineData(1, 65536, 1, 1, 1, 1, 0, "65536 blocks along y, at most 65535")]
    [InlineData(1, 1, 65536, 1, 1, 1, 0, "65536 blocks along z, at most 65535")]
    [InlineData(2147483648, 1, 1, 1, 1, 1, 0, "2147483648 blocks along x, at most 2147483647")]
    [InlineData(1, 1, 1, 1025, 1, 1, 0, "1025 threads in a block, at most 1024 for this kernel")]
    [InlineData(1, 1, 1, 32, 11, 3, 0, "1056 threads in a block, at most 1024 for this kernel")]
    [InlineData(1, 1, 1, 1, 1, 65, 0, "65 threads along z, at most 64")]
    [InlineData(0, 1, 1, 1, 1, 1, 0, "a grid without blocks")]
    [InlineData(1, 1, 1, 1, 0, 1, 0, "a block without threads")]
    [InlineData(1, 1, 1, 32, 1, 1, 49153, "49153 B of dynamic shared memory, at most 49152 unless AllowDynamicShared allows more")]
    public void A_launch_beyond_a_limit_is_refused_at_once_and_the_limit_named(
        uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint shared, string reason)
    {
        using Lane lane = new("soft:1");
        CudaException refused = Refused(lane, new(gridX, gridY, gridZ, blockX, blockY, blockZ, shared));
        Assert.Equal(
            $"CUDA driver: cuLaunchKernel({Fill}, grid {gridX}x{gridY}x{gridZ}, block {blockX}x{blockY}x{blockZ}, {shared} B shared) "
            + $"answered 1 CUDA_ERROR_INVALID_VALUE: invalid argument ({reason})",
            refused.Message);
        lane.Fill(1);
        Assert.Equal(1, lane.Read()[0]);
    }

    [SkippableFact]
    public void Shared_memory_beyond_48_KiB_has_to_be_allowed_and_ends_at_the_devices()
    {
        using Lane lane = new("soft:1");
        Kernel kernel = lane.Module.GetKernel(Fill);
        Assert.Equal(MostShared, lane.Context.MaxOptInSharedBytesPerBlock);
        try
        {
            kernel.AllowDynamicShared(MostShared);
            Launch(lane, new(1, 1, 1, 32, 1, 1, MostShared));
            Assert.Equal(7, lane.Read()[0]);
            Assert.EndsWith($"({MostShared + 1} B of dynamic shared memory, at most {MostShared} unless AllowDynamicShared allows more)",
                Refused(lane, new(1, 1, 1, 32, 1, 1, MostShared + 1)).Message);
            Assert.Equal(
                $"CUDA driver: cuFuncSetAttribute({Fill}, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 232449) answered 1 "
                + "CUDA_ERROR_INVALID_VALUE: invalid argument (a block of this device has at most 232448 B, and 0 B of them are the "
                + "kernel's static memory)",
                Assert.Throws<CudaException>(() => kernel.AllowDynamicShared(MostShared + 1)).Message);
        }
        finally
        {
            kernel.AllowDynamicShared(48 * 1024);
        }
    }

    [SkippableFact]
    public void Grids_and_blocks_at_their_limits_run()
    {
        using Lane lane = new("soft:1");
        Launch(lane, new(1, 65535, 1, 1, 1, 1, 0));
        Launch(lane, new(1, 1, 65535, 1, 1, 1, 0));
        Launch(lane, new(1, 1, 1, 16, 1, 64, 48 * 1024));
        Assert.Equal(7, lane.Read()[0]);
    }

    private static CudaException Refused(Lane lane, LaunchShape shape) =>
        Assert.Throws<CudaException>(() => Launch(lane, shape));

    private static void Launch(Lane lane, LaunchShape shape)
    {
        long size = Lane.Count;
        ulong target = lane.Data.Address;
        double value = 7;
        void** arguments = stackalloc void*[] { &size, &target, &value };
        lane.Module.GetKernel(Fill).Launch(lane.Stream, shape, arguments);
    }
}
