using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Figure 1's widths, that its first layer has more neurons than MNIST images, and that it is a pyramid from layer 2 on.</summary>
internal sealed class Figure1WidthsClaim : IClaim
{
    private static readonly long[] s_figure = [784, 67600, 16900, 2880, 720, 100, 10];

    public int Item => 7;

    public string Name => "figure1-widths";

    public string Statement => "Figure 1's network is wide in layer 1 and a pyramid from layer 2 on";

    public string Source => "Nguyen and Hein, ICML'18, Figure 1";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("t1", "filters of the first layer; 100 in the figure", 100, 89, 100_000)];

    public ClaimResult Run(ClaimContext context)
    {
        Figure1Network network = new(context.Size("t1"));
        long[] widths = [network.InputShape.ElementCount, .. ModelDescription.Of(network, network.InputShape).Widths];
        List<Check> checks = [Check.AtLeast("n_1 for MNIST's N", widths[1], 60_000)];
        if (context.Size("t1") == 100) checks.AddRange(widths.Zip(s_figure, (w, f) => Check.Equal($"a width of the figure, {f}", w, f)));
        checks.Add(Check.Equal("layers from 3 on that are wider than the one before", widths.Skip(3).Zip(widths.Skip(2)).Count(w => w.First > w.Second), 0));
        return new ClaimResult(checks)
        {
            Note = "Layers 2 and 4 pool. Assumption 4.1 excludes that, so Lemma 4.3 and Theorem 4.5 are not about this network as it is trained.",
        };
    }
}
