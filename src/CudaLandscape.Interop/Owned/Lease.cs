using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>Keeps a handle open for the length of one native call, against Dispose and the finalizer.</summary>
internal readonly ref struct Lease
{
    private readonly SafeHandle target;

    internal Lease(SafeHandle target)
    {
        bool added = false;
        target.DangerousAddRef(ref added);
        this.target = target;
    }

    /// <summary>The native handle.</summary>
    internal nint Value => target.DangerousGetHandle();

    /// <summary>Lets the handle go.</summary>
    public void Dispose() => target.DangerousRelease();
}
