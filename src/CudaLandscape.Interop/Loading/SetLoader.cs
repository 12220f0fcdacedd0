namespace CudaLandscape.Interop;

/// <summary>Loads cuBLAS and cuSOLVER of one set from one source, with what they need loaded before them.</summary>
internal sealed class SetLoader(ILibraryHost host, List<LibraryProbe> probes)
{
    /// <summary>Both libraries, or null with the probes telling why.</summary>
    internal (LibraryFile Blas, LibraryFile Solver)? TryLoad(LibrarySource source, LibrarySet set)
    {
        string? blas = Locate(source, "cublas", set.Cublas);
        string? solver = Locate(source, "cusolver", set.Cusolver);
        if (blas is null || solver is null)
        {
            return null;
        }

        LoadNeeds(source, set.BlasNeeds);
        LibraryFile? loadedBlas = Load("cublas", blas, source, set);
        if (loadedBlas is null)
        {
            return null;
        }

        LoadNeeds(source, set.SolverNeeds);
        LibraryFile? loadedSolver = Load("cusolver", solver, source, set);
        if (loadedSolver is null)
        {
            host.Free(loadedBlas.Handle);
            return null;
        }

        return (loadedBlas, loadedSolver);
    }

    /// <summary>The path in the source, or the bare name for the loader; null, and a probe, if absent.</summary>
    private string? Locate(LibrarySource source, string library, string file)
    {
        if (source.Folders.Count == 0)
        {
            return file;
        }

        string? found = Find(source, file);
        if (found is null)
        {
            string tried = Path.Combine(source.Folders[0], file);
            probes.Add(new LibraryProbe(library, tried, ProbeOutcome.Missing, $"from {source.Name}"));
        }

        return found;
    }

    private string? Find(LibrarySource source, string file) =>
        source.Folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(host.FileExists);

    /// <summary>What is not in the source is left to the loader: then cuBLAS or cuSOLVER itself says what it lacks.
    /// </summary>
    private void LoadNeeds(LibrarySource source, IReadOnlyList<string> needs)
    {
        foreach (string need in needs)
        {
            string? path = source.Folders.Count == 0 ? need : Find(source, need);
            if (path is not null && host.Load(path, out string trouble) == 0 && source.Folders.Count > 0)
            {
                probes.Add(new LibraryProbe(need, path, ProbeOutcome.Wrong, trouble));
            }
        }
    }

    private LibraryFile? Load(string library, string path, LibrarySource source, LibrarySet set)
    {
        nint handle = host.Load(path, out string trouble);
        if (handle == 0)
        {
            ProbeOutcome outcome = source.Folders.Count == 0 ? ProbeOutcome.Missing : ProbeOutcome.Wrong;
            probes.Add(new LibraryProbe(library, path, outcome, $"from {source.Name}: {trouble}"));
            return null;
        }

        probes.Add(new LibraryProbe(library, path, ProbeOutcome.Found, $"CUDA {set.Major}, from {source.Name}"));
        return new LibraryFile(path, handle);
    }
}
