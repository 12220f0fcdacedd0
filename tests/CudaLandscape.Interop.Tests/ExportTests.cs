using System.Reflection;
using System.Runtime.InteropServices;

namespace CudaLandscape.Interop.Tests;

/// <summary>Every function that is declared is there in what is bound.</summary>
public sealed class ExportTests
{
    [SkippableFact]
    public void The_bound_libraries_export_every_declared_function()
    {
        Devices.Require();
        LibraryBinding bound = NativeLibraryResolver.Bind(null);
        Assert.Equal(51, Declared(typeof(CudaDriverNative), bound.Driver));
        Assert.Equal(21, Declared(typeof(CublasNative), bound.Blas));
        Assert.Equal(17, Declared(typeof(CusolverNative), bound.Solver));
    }

    /// <summary>How many functions the class declares; fails on those the library lacks.</summary>
    private static int Declared(Type declared, LibraryFile library)
    {
        const BindingFlags own = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        string[] names = [.. declared.GetMethods(own).Select(method => method.Name)
            .Where(name => name.StartsWith("cu", StringComparison.Ordinal)).Distinct()];
        Assert.All(names, name => Assert.True(NativeLibrary.TryGetExport(library.Handle, name, out _), name));
        return names.Length;
    }
}
