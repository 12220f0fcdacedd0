using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>The few calls of the C library that .NET does not offer: a folder's entries can be brought to disk only by them.</summary>
internal static partial class PosixFileNative
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Fsync(int descriptor);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);
}
