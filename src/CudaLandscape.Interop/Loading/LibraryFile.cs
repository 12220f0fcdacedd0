namespace CudaLandscape.Interop;

/// <summary>A loaded library: the path or soname it was loaded by, and its handle.</summary>
internal sealed record LibraryFile(string Path, nint Handle);
