namespace CudaLandscape.Interop;

/// <summary>Chooses and loads the libraries of this process; every attempt is written down in the probes.</summary>
internal sealed class LibraryChooser(ILibraryHost host)
{
    internal const string SoftVariable = "CUDALANDSCAPE_SOFTCUDA";

    // Where the driver is mounted without the loader's knowing: on WSL, and in containers of some clusters.
    private static readonly string[] MountedDrivers = ["/usr/lib/wsl/lib/libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1"];

    private readonly List<LibraryProbe> probes = [];

    /// <summary>Everything tried so far.</summary>
    internal IReadOnlyList<LibraryProbe> Probes => probes;

    /// <summary>Libraries of the wanted kind; without a wish NVIDIA's where a device answers, else softcuda.</summary>
    internal LibraryBinding Choose(DeviceKind? wanted) => wanted switch
    {
        DeviceKind.Soft => Soft() ?? throw Unavailable("softcuda cannot be loaded.", Mends.Soft),
        DeviceKind.Cuda => Driver() is { } driver
            ? WithSet(driver)
            : throw Unavailable("No NVIDIA device answers, and a cuda device was asked for.", Mends.Driver),
        _ => Driver() is { } driver
            ? WithSet(driver)
            : Soft() ?? throw Unavailable("Neither an NVIDIA device nor softcuda can be had.", Mends.Neither),
    };

    private LibraryBinding WithSet((LibraryFile File, int Version) driver)
    {
        foreach ((LibrarySource source, LibrarySet set) in Attempts(driver.Version))
        {
            if (new SetLoader(host, probes).TryLoad(source, set) is { } pair)
            {
                return new LibraryBinding(DeviceKind.Cuda, set.Major, driver.File, pair.Blas, pair.Solver);
            }
        }

        throw Unavailable(
            $"An NVIDIA device answers (CUDA {Version(driver.Version)}) without cuBLAS and cuSOLVER.", Mends.Set);
    }

    /// <summary>What the user listed comes first for every set, then set by set all other places.</summary>
    private IEnumerable<(LibrarySource Source, LibrarySet Set)> Attempts(int driverVersion)
    {
        IReadOnlyList<LibrarySet> sets = LibrarySet.ForDriver(driverVersion, host.IsWindows);
        LibrarySource? listed = LibrarySource.Listed(host);
        IEnumerable<(LibrarySource, LibrarySet)> first = listed is null ? [] : sets.Select(set => (listed, set));
        List<LibrarySource> common = [.. LibrarySource.Common(host)];
        return first.Concat(sets.SelectMany(set => common.Select(source => (source, set))));
    }

    private (LibraryFile File, int Version)? Driver()
    {
        foreach (string candidate in DriverCandidates())
        {
            nint handle = host.Load(candidate, out string trouble);
            if (handle == 0)
            {
                probes.Add(new LibraryProbe("driver", candidate, ProbeOutcome.Missing, trouble));
            }
            else if (Accept(candidate, host.AskDriver(handle)) is { } version)
            {
                return (new LibraryFile(candidate, handle), version);
            }
        }

        return null;
    }

    private IEnumerable<string> DriverCandidates()
    {
        string name = LibrarySet.DriverName(host.IsWindows);
        IEnumerable<string> listed = LibrarySource.Listed(host)?.Folders ?? [];
        string[] mounted = host.IsWindows ? [] : MountedDrivers;
        return listed.Select(folder => Path.Combine(folder, name)).Where(host.FileExists)
            .Append(name).Concat(mounted.Where(host.FileExists));
    }

    /// <summary>The driver's version when it has a device; a driver that has none stays loaded, unused.</summary>
    private int? Accept(string candidate, DriverAnswer? answer)
    {
        (ProbeOutcome outcome, string text) = answer switch
        {
            null => (ProbeOutcome.Wrong, "it is no CUDA driver"),
            { InitStatus: not 0 } failed => (ProbeOutcome.Wrong, $"cuInit answered {(CudaResult)failed.InitStatus}"),
            { DeviceCount: <= 0 } => (ProbeOutcome.Wrong, "it has no device"),
            { } good => (ProbeOutcome.Found, $"CUDA {Version(good.Version)}, {good.DeviceCount} device(s)"),
        };
        probes.Add(new LibraryProbe("driver", candidate, outcome, text));
        return outcome == ProbeOutcome.Found ? answer!.Value.Version : null;
    }

    private LibraryBinding? Soft()
    {
        foreach (string candidate in SoftCandidates())
        {
            nint handle = TryLoadSoft(candidate);
            if (handle != 0)
            {
                LibraryFile file = new(candidate, handle);
                return new LibraryBinding(DeviceKind.Soft, 0, file, file, file);
            }
        }

        return null;
    }

    private nint TryLoadSoft(string candidate)
    {
        string trouble = "it is not an absolute path";
        bool absolute = Path.IsPathRooted(candidate);
        bool there = absolute && host.FileExists(candidate);
        if (there) OpenMpPolicy.PreferSleeping();
        nint handle = there ? host.Load(candidate, out trouble) : 0;
        ProbeOutcome outcome = handle != 0 ? ProbeOutcome.Found
            : absolute && !there ? ProbeOutcome.Missing : ProbeOutcome.Wrong;
        string text = outcome == ProbeOutcome.Wrong ? trouble : string.Empty;
        probes.Add(new LibraryProbe("softcuda", candidate, outcome, text));
        return handle;
    }

    /// <summary>The file the user names and no other; without one, beside the program.</summary>
    private IReadOnlyList<string> SoftCandidates()
    {
        string named = host.Variable(SoftVariable) ?? string.Empty;
        string file = host.IsWindows ? "softcuda.dll" : "libsoftcuda.so";
        string runtime = Path.Combine("runtimes", host.IsWindows ? "win-x64" : "linux-x64", "native");
        return named.Length > 0
            ? [named]
            : [Path.Combine(host.BaseDirectory, file), Path.Combine(host.BaseDirectory, runtime, file)];
    }

    private DeviceUnavailableException Unavailable(string what, string mend) =>
        new($"{what}\nTried:\n{string.Join('\n', probes.Select(probe => "  " + probe))}\nMend: {mend}", [.. probes]);

    private static string Version(int number) => $"{number / 1000}.{number % 1000 / 10}";
}
