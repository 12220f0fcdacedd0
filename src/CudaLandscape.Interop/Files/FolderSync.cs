using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>Brings a folder's entries to disk, so that a rename in it outlasts a loss of power.</summary>
public static class FolderSync
{
    private const int ReadOnly = 0, InvalidArgument = 22;

    /// <summary>fsync(2) of the folder; nothing on Windows, whose file systems log renames themselves.</summary>
    /// <exception cref="IOException">The folder cannot be opened or synchronised; the message names it.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = PosixFileNative.Open(folder, ReadOnly);
        if (descriptor < 0) throw Failure("opened", folder);
        try
        {
            // Some file systems cannot do it for a folder and say so with EINVAL; there is nothing more to do there.
            if (PosixFileNative.Fsync(descriptor) < 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
                throw Failure("brought to disk", folder);
        }
        finally
        {
            _ = PosixFileNative.Close(descriptor);
        }
    }

    private static IOException Failure(string what, string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{folder}: the folder cannot be {what}: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }
}
