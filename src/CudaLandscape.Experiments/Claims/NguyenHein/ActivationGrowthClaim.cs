using CudaLandscape.Landscape.Layers;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>ReLU, sigmoid and softplus meet the growth condition with given constants, the identity with none.</summary>
internal sealed class ActivationGrowthClaim : IClaim
{
    private const double Rounding = 1e-12;

    public int Item => 4;

    public string Name => "activation-growth";

    public string Statement => "ReLU, sigmoid and softplus meet Assumption 3.2, the identity does not";

    public string Source => "Nguyen and Hein, ICML'18, Assumption 3.2, Lemma 3.3 and equation (5)";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("points", "points on each side of 0, up to 30", 30_000, 500)];

    public ClaimResult Run(ClaimContext context)
    {
        int count = context.Size("points");
        double[] grid = [.. Enumerable.Range(-count, 2 * count + 1).Select(i => 30.0 * i / count)];
        Tensor t = Tensor.From<double>(context.Device, [grid.Length], grid);
        GrowthCondition one = new(1, 1, 1, 1);
        return new ClaimResult(
        [
            Check.AtMost("ReLU, ρ = 1, 1, 1, 1: largest |σ| / bound", one.LargestRatio(x => x.Relu(), t), 1 + Rounding),
            Check.AtMost("sigmoid, ρ = 1, 1, 1, 1: largest |σ| / bound", one.LargestRatio(x => x.Sigmoid(), t), 1 + Rounding),
            .. ((double[])[1, 5, 20]).SelectMany(alpha => OfSoftplus(t, alpha)),
            .. ((double[])[1, 10, 1e3]).Select(rho => Check.AtLeast(
                $"identity, ρ1 = {rho:R}, ρ2 = 1 / {rho:R}: largest |σ| / bound", new GrowthCondition(rho, 1 / rho, 1, 1).LargestRatio(x => x, t * Far(t, rho)), 2)),
        ]);
    }

    private static Check[] OfSoftplus(Tensor t, double alpha) =>
    [
        Check.AtMost($"softplus, α = {alpha}: largest |σ| / bound", GrowthCondition.OfSoftplus(alpha).LargestRatio(x => x.Softplus(alpha), t), 1 + Rounding),
        Check.Equal($"softplus, α = {alpha}: largest |softplus - ReLU|", (t.Softplus(alpha) - t.Relu()).MaxAbs().Item(), Math.Log(2) / alpha, Rounding),
    ];

    // However slow the exponential, far enough out the identity is above it.
    private static Tensor Far(Tensor t, double rho) => Tensor.Full(t.Device, [1], t.DType, rho);
}
