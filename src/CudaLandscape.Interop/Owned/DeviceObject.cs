using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>
/// A native object that lives in a device context. It keeps its parent open until it is released itself, so that
/// parents and children may be disposed in any order; its release makes the context current and never throws.
/// </summary>
public abstract class DeviceObject : SafeHandle
{
    private readonly SafeHandle parent;

    private protected DeviceObject(DeviceContext context, SafeHandle parent)
        : base(0, ownsHandle: true)
    {
        ObjectDisposedException.ThrowIf(parent.IsClosed, parent);
        context.Enter();
        bool added = false;
        parent.DangerousAddRef(ref added);
        this.parent = parent;
        Context = context;
    }

    /// <summary>The context this object lives in.</summary>
    public DeviceContext Context { get; }

    /// <summary>True while no native object is held.</summary>
    public override bool IsInvalid => handle == 0;

    /// <summary>Reports remembered failures, makes the context current, keeps this object open for one call.</summary>
    internal Lease Enter()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Context.Enter();
        return new Lease(this);
    }

    /// <summary>Takes the freshly made native object over; on a failure lets the parent go and throws it.</summary>
    private protected void Adopt(nint native, CudaException? failure)
    {
        if (failure is not null)
        {
            SetHandleAsInvalid();
            parent.DangerousRelease();
            throw failure;
        }

        SetHandle(native);
        LiveHandles.Add(GetType().Name);
    }

    /// <summary>Destroys the native object, with the context current; null when that succeeded.</summary>
    private protected abstract CudaException? Destroy();

    /// <summary>Releases the native object; a failure is remembered for the next call.</summary>
    protected sealed override bool ReleaseHandle()
    {
        Context.MakeCurrentForRelease();
        bool released = ReleaseFailures.Settle(GetType().Name, Destroy());
        parent.DangerousRelease();
        return released;
    }
}
