namespace CudaLandscape.Interop.Tests;

[Collection(DeviceCollection.Name)]
public sealed class ReleaseFailureTests
{
    [Fact]
    public void A_failure_is_reported_once()
    {
        LiveHandles.Add("Thing");
        Assert.False(ReleaseFailures.Settle("Thing", Failure("free()")));
        CudaException late = Assert.Throws<CudaException>(ReleaseFailures.ThrowIfAny);
        Assert.Equal(
            "Releasing a Thing failed earlier and is reported now: cuBLAS: free() answered 14 "
            + "CUBLAS_STATUS_INTERNAL_ERROR: an internal operation failed; check driver and library versions",
            late.Message);
        Assert.Equal(("cuBLAS", "free()", 14), (late.Library, late.Call, late.Status));
        ReleaseFailures.ThrowIfAny();
        Assert.True(ReleaseFailures.Settle("Thing", null));
    }

    [Fact]
    public void Several_failures_are_counted()
    {
        Assert.False(ReleaseFailures.Settle("Thing", Failure("first()")));
        Assert.False(ReleaseFailures.Settle("Thing", Failure("second()")));
        CudaException late = Assert.Throws<CudaException>(ReleaseFailures.ThrowIfAny);
        Assert.Contains("first()", late.Message);
        Assert.EndsWith("(and 1 more releases failed)", late.Message);
    }

    [SkippableFact]
    public void A_failing_free_does_not_throw_and_is_reported_at_the_next_call()
    {
        Devices.RequireSoft();
        using DeviceContext context = Devices.Open();
        DeviceMemory memory = DeviceMemory.Allocate(context, 64);
        int live = LiveHandles.Count;
        using (Devices.FailCall("cuMemFree_v2", 1, 700))
        {
            memory.Dispose();
        }

        Assert.Equal(live, LiveHandles.Count);
        CudaException late = Assert.Throws<CudaException>(() => context.MemoryInfo());
        Assert.StartsWith("Releasing a DeviceMemory failed earlier and is reported now: CUDA driver: ", late.Message);
        Assert.Contains("cuMemFree_v2((ulong)handle) answered 700 CUDA_ERROR_ILLEGAL_ADDRESS", late.Message);
        Assert.True(context.MemoryInfo().Free > 0);
        LiveHandles.Remove(nameof(DeviceMemory));
    }

    [SkippableFact]
    public void A_creation_that_fails_leaves_nothing_open()
    {
        using DeviceContext context = Devices.Open();
        int live = LiveHandles.Count;
        using (Devices.FailCall("cuStreamCreate", 1, 2))
        {
            CudaException failure = Assert.Throws<CudaException>(() => DeviceStream.Create(context));
            Assert.Contains("cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING) answered 2", failure.Message);
        }

        Assert.Equal(live, LiveHandles.Count);
        context.Dispose();
        Assert.Equal(live - 1, LiveHandles.Count);
    }

    [SkippableTheory]
    [InlineData("cublasSetWorkspace_v2")]
    [InlineData("cublasSetMathMode")]
    [InlineData("cuMemAlloc_v2")]
    public void A_half_made_cublas_handle_is_given_back(string function)
    {
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        int live = LiveHandles.Count;
        using (Devices.FailCall(function, 1, 2))
        {
            _ = Assert.ThrowsAny<CudaException>(() => CublasHandle.Create(stream));
        }

        Assert.Equal(live, LiveHandles.Count);
    }

    [SkippableFact]
    public void A_half_made_cusolver_handle_is_given_back()
    {
        using DeviceContext context = Devices.Open();
        using DeviceStream stream = DeviceStream.Create(context);
        int live = LiveHandles.Count;
        using (Devices.FailCall("cusolverDnCreateParams", 1, 2))
        {
            CudaException failure = Assert.Throws<CudaException>(() => CusolverHandle.Create(stream));
            Assert.Equal(("cuSOLVER", "CUSOLVER_STATUS_ALLOC_FAILED"), (failure.Library, failure.StatusName));
        }

        Assert.Equal(live, LiveHandles.Count);
    }

    private static CudaException Failure(string call) =>
        CublasStatus.CUBLAS_STATUS_INTERNAL_ERROR.Failure(call)!;
}
