namespace CudaLandscape.Interop;

/// <summary>
/// cuBLAS on one stream: column-major matrices in device memory, scalars on the host, single precision without TF32
/// unless <see cref="SetTf32"/> allows it.
/// The handle has a workspace of its own, of a fixed size, so that the same call gives the same bits every time.
/// </summary>
public sealed partial class CublasHandle : DeviceObject
{
    private const long Mebibyte = 1024 * 1024;
    private const int Hopper = 9;

    private DeviceMemory? workspace;

    private CublasHandle(DeviceStream stream)
        : base(stream.Context, stream)
    {
    }

    /// <summary>cuBLAS's version number, such as 130000.</summary>
    public int Version { get; private set; }

    /// <summary>Creates a handle that queues its work on this stream.</summary>
    public static unsafe CublasHandle Create(DeviceStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        CublasHandle created = new(stream);
        nint native = 0;
        CublasStatus status = CublasNative.cublasCreate_v2(&native);
        created.Adopt(native, status.Failure("cublasCreate_v2(&handle)"));
        try
        {
            created.Configure(stream);
            return created;
        }
        catch
        {
            created.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether float32 factors may be rounded to TF32 (10 bits of fraction) and multiplied on tensor cores from the next call on, from
    /// compute capability 8.0 on. Not allowed at first.
    /// </summary>
    public void SetTf32(bool allowed)
    {
        using Lease held = Enter();
        CublasMath mode = allowed ? CublasMath.CUBLAS_TF32_TENSOR_OP_MATH : CublasMath.CUBLAS_DEFAULT_MATH;
        CublasNative.cublasSetMathMode(held.Value, mode).ThrowIfFailed();
    }

    private protected override CudaException? Destroy()
    {
        CudaException? failure = CublasNative.cublasDestroy_v2(handle).Failure("cublasDestroy_v2(handle)");
        workspace?.Dispose();
        return failure;
    }

    /// <summary>The workspace comes after the stream: setting a stream gives the default workspace back.</summary>
    private unsafe void Configure(DeviceStream stream)
    {
        int version = 0;
        CublasNative.cublasGetVersion_v2(handle, &version).ThrowIfFailed();
        Version = version;
        NativeLibraries.RememberCublasVersion(version);
        workspace = DeviceMemory.Allocate(Context, WorkspaceBytes(Context));
        CublasNative.cublasSetStream_v2(handle, stream.Handle).ThrowIfFailed();
        CublasNative.cublasSetWorkspace_v2(handle, (void*)workspace.Address, (nuint)workspace.Bytes).ThrowIfFailed();
        CublasNative.cublasSetMathMode(handle, CublasMath.CUBLAS_DEFAULT_MATH).ThrowIfFailed();
        CublasNative.cublasSetPointerMode_v2(handle, CublasPointerMode.CUBLAS_POINTER_MODE_HOST).ThrowIfFailed();
    }

    /// <summary>NVIDIA's advice: 32 MiB from Hopper on, 4 MiB before; softcuda uses none.</summary>
    private static long WorkspaceBytes(DeviceContext context) => context.Id.Kind switch
    {
        DeviceKind.Soft => 64 * 1024,
        _ => (context.ComputeCapability.Major >= Hopper ? 32 : 4) * Mebibyte,
    };
}
