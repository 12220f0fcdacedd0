using CudaLandscape.Figures;

namespace CudaLandscape.Experiments.Runs;

/// <summary>The figures of a run, in the folder <c>figures</c> of its run folder.</summary>
internal static class RunFigures
{
    /// <summary>Where a figure is, as seen from the run folder.</summary>
    /// <param name="name">Its name, without extension.</param>
    public static string FileOf(string name) => $"figures/{name}.svg";

    /// <summary>Writes a figure.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(RunFolder folder, string name, IFigure figure)
    {
        Directory.CreateDirectory(folder.Path("figures"));
        folder.Write(FileOf(name), figure.ToSvg());
    }
}
