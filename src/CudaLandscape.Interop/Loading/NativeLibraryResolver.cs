using System.Reflection;
using System.Runtime.InteropServices;

namespace CudaLandscape.Interop;

/// <summary>Answers this assembly's library names with the libraries of one driver, chosen once.</summary>
public static class NativeLibraryResolver
{
    private static readonly Lock Gate = new();
    private static readonly List<LibraryProbe> Tried = [];
    private static LibraryBinding? bound;
    private static bool installed;

    /// <summary>Every attempt to find a library, in order; empty before the first device is asked for.</summary>
    public static IReadOnlyList<LibraryProbe> Probes
    {
        get
        {
            lock (Gate)
            {
                return [.. Tried];
            }
        }
    }

    /// <summary>Registers the resolver, once.</summary>
    internal static void Install()
    {
        lock (Gate)
        {
            if (!installed)
            {
                NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);
                installed = true;
            }
        }
    }

    /// <summary>The libraries of this process: CUDALANDSCAPE_DEVICE decides, else the first device asked for.</summary>
    /// <exception cref="DeviceUnavailableException">There are none, or the other driver is bound already.</exception>
    internal static LibraryBinding Bind(DeviceId? asked)
    {
        lock (Gate)
        {
            bound ??= Choose(Wanted(Environment.GetEnvironmentVariable(DeviceId.Variable), asked));
            return asked is { } id && id.Kind != bound.Kind ? throw OtherDriver(id, bound) : bound;
        }
    }

    /// <summary>The kind of driver to bind: the variable goes before the device asked for.</summary>
    internal static DeviceKind? Wanted(string? variable, DeviceId? asked) =>
        DeviceId.FromEnvironment(variable)?.Kind ?? asked?.Kind;

    /// <summary>The report that a device of one driver is asked for in a process that has bound the other.</summary>
    internal static DeviceUnavailableException OtherDriver(DeviceId asked, LibraryBinding bound) =>
        new($"{asked} cannot be opened: this process has bound {Whose(bound.Kind)} ({bound.Driver.Path}), "
            + $"and a process binds one driver only. Start it with {DeviceId.Variable}={asked}.");

    private static LibraryBinding Choose(DeviceKind? wanted)
    {
        LibraryChooser chooser = new(new SystemLibraryHost());
        try
        {
            return chooser.Choose(wanted);
        }
        finally
        {
            Tried.AddRange(chooser.Probes);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        "cuda" => Bind(null).Driver.Handle,
        "cublas" => Bind(null).Blas.Handle,
        "cusolver" => Bind(null).Solver.Handle,
        _ => 0,
    };

    private static string Whose(DeviceKind kind) => kind == DeviceKind.Cuda ? "NVIDIA's driver" : "softcuda";
}
