namespace CudaLandscape.Interop;

/// <summary>Work recorded from a stream, ready to be queued again as a whole.</summary>
public sealed class CapturedGraph : DeviceObject
{
    private CapturedGraph(DeviceContext context)
        : base(context, context)
    {
    }

    /// <summary>Queues all the recorded work, with the arguments it was recorded with.</summary>
    public void Launch(DeviceStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Lease held = Enter();
        using Lease queue = stream.Enter();
        CudaDriverNative.cuGraphLaunch(held.Value, queue.Value).ThrowIfFailed();
    }

    /// <summary>Takes over the recorded graph, of which only the executable form is kept.</summary>
    internal static unsafe CapturedGraph Instantiate(DeviceContext context, nint graph)
    {
        CapturedGraph created = new(context);
        nint native = 0;
        CudaResult made = CudaDriverNative.cuGraphInstantiateWithFlags(&native, graph, flags: 0);
        CudaResult destroyed = CudaDriverNative.cuGraphDestroy(graph);
        created.Adopt(native, made.Failure("cuGraphInstantiateWithFlags(&executable, graph, 0)"));
        if (destroyed != CudaResult.CUDA_SUCCESS)
        {
            created.Dispose();
            destroyed.ThrowIfFailed("cuGraphDestroy(graph)");
        }

        return created;
    }

    private protected override CudaException? Destroy() =>
        CudaDriverNative.cuGraphExecDestroy(handle).ReleaseFailure();
}
