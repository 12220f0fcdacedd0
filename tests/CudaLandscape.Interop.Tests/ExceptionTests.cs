namespace CudaLandscape.Interop.Tests;

public sealed class ExceptionTests
{
    [Fact]
    public void A_cublas_status_names_the_call_as_it_was_written()
    {
        CublasStatus status = Answer(CublasStatus.CUBLAS_STATUS_INVALID_VALUE);
        CudaException failure = Assert.Throws<CudaException>(() => status.ThrowIfFailed());
        Assert.Equal(("cuBLAS", "status", 7), (failure.Library, failure.Call, failure.Status));
        Assert.Equal("CUBLAS_STATUS_INVALID_VALUE", failure.StatusName);
        Assert.Equal(
            "cuBLAS: status answered 7 CUBLAS_STATUS_INVALID_VALUE: a parameter is outside its range, such as a size, "
            + "stride or leading dimension", failure.Message);
    }

    [Fact]
    public void A_cusolver_status_has_its_own_names()
    {
        CudaException failure = CusolverStatus.CUSOLVER_STATUS_IRS_MATRIX_SINGULAR.Failure("call()")!;
        Assert.Equal(("cuSOLVER", 30, "CUSOLVER_STATUS_IRS_MATRIX_SINGULAR"),
            (failure.Library, failure.Status, failure.StatusName));
        Assert.Equal("cuSOLVER: call() answered 30 CUSOLVER_STATUS_IRS_MATRIX_SINGULAR: the matrix is singular",
            failure.Message);
    }

    [Fact]
    public void Success_throws_nothing()
    {
        CudaResult.CUDA_SUCCESS.ThrowIfFailed();
        CublasStatus.CUBLAS_STATUS_SUCCESS.ThrowIfFailed();
        CusolverStatus.CUSOLVER_STATUS_SUCCESS.ThrowIfFailed();
        Assert.Null(CudaResult.CUDA_SUCCESS.Failure());
    }

    [Theory]
    [InlineData("CudaDriverNative.cuMemFree_v2(address)", "cuMemFree_v2(address)")]
    [InlineData("CublasNative.cublasDgemm_v2_64(held.Value, m,\n            n)", "cublasDgemm_v2_64(held.Value, m, n)")]
    [InlineData("plain", "plain")]
    public void The_call_is_shown_on_one_line_without_the_class(string written, string shown) =>
        Assert.Equal(shown, StatusTexts.Call(written));

    [Fact]
    public void Out_of_memory_tells_the_sizes_and_what_to_do()
    {
        DeviceOutOfMemoryException failure = new(
            new DeviceId(DeviceKind.Soft, 0), "cuMemAlloc_v2(&address, 3145728)", 3 << 20, 1 << 20, 2 << 20);
        Assert.Equal(
            "soft:0 is out of memory: 3.0 MiB (3145728 B) were asked for, 1.0 MiB (1048576 B) of 2.0 MiB (2097152 B) "
            + "are free. Dispose what is no longer needed, take a smaller batch or grid, or end other programs on this "
            + "device.", failure.Message);
        Assert.Equal((3 << 20, 1 << 20, 2 << 20), (failure.RequestedBytes, failure.FreeBytes, failure.TotalBytes));
        Assert.Equal((2, "CUDA_ERROR_OUT_OF_MEMORY"), (failure.Status, failure.StatusName));
    }

    [Fact]
    public void The_end_of_the_driver_is_no_failed_release() =>
        Assert.Null(CudaResult.CUDA_ERROR_DEINITIALIZED.ReleaseFailure());

    private static CublasStatus Answer(CublasStatus status) => status;
}
