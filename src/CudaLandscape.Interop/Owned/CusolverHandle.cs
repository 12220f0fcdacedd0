namespace CudaLandscape.Interop;

/// <summary>cuSOLVER's dense routines on one stream: column-major matrices in device memory.</summary>
public sealed partial class CusolverHandle : DeviceObject
{
    private readonly DeviceStream stream;
    private nint parameters;

    private CusolverHandle(DeviceStream stream)
        : base(stream.Context, stream) => this.stream = stream;

    /// <summary>cuSOLVER's version number, such as 12000.</summary>
    public int Version { get; private set; }

    /// <summary>Creates a handle that queues its work on this stream.</summary>
    public static unsafe CusolverHandle Create(DeviceStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        CusolverHandle created = new(stream);
        nint native = 0;
        CusolverStatus status = CusolverNative.cusolverDnCreate(&native);
        created.Adopt(native, status.Failure("cusolverDnCreate(&handle)"));
        try
        {
            created.Configure();
            return created;
        }
        catch
        {
            created.Dispose();
            throw;
        }
    }

    private protected override CudaException? Destroy()
    {
        CudaException? failure = parameters == 0
            ? null
            : CusolverNative.cusolverDnDestroyParams(parameters).Failure("cusolverDnDestroyParams(parameters)");
        return CusolverNative.cusolverDnDestroy(handle).Failure("cusolverDnDestroy(handle)") ?? failure;
    }

    private unsafe void Configure()
    {
        int version = 0;
        CusolverNative.cusolverGetVersion(&version).ThrowIfFailed();
        Version = version;
        CusolverNative.cusolverDnSetStream(handle, stream.Handle).ThrowIfFailed();
        nint created = 0;
        CusolverNative.cusolverDnCreateParams(&created).ThrowIfFailed();
        parameters = created;
    }
}
