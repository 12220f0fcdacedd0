using CudaLandscape.Experiments.Claims;

namespace CudaLandscape.Experiments.Tests.Claims;

/// <summary>A claim that returns what a test wants, with a size that says something from 10 on.</summary>
internal sealed class PlantedClaim(Func<ClaimContext, ClaimResult> run, long bytes = 0) : IClaim
{
    public PlantedClaim(params Check[] checks)
        : this(_ => new ClaimResult(checks))
    {
    }

    public int Item => 99;

    public string Name => "planted";

    public string Statement => "what a test planted";

    public string Source => "nowhere";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("n", "things", 20, 10, 100)];

    public long EstimateBytes(ClaimContext context) => bytes;

    public ClaimResult Run(ClaimContext context) => run(context);
}
