using CudaLandscape.Experiments.Runs;
using CudaLandscape.Figures;

namespace CudaLandscape.Experiments.Claims;

/// <summary>A figure of a claim.</summary>
/// <param name="Name">Name of its file without extension, of this claim only, in kebab case.</param>
/// <param name="Figure">What it shows.</param>
internal sealed record ClaimFigure(string Name, IFigure Figure)
{
    /// <summary>Where it is in the run folder.</summary>
    public string File => RunFigures.FileOf(Name);
}
