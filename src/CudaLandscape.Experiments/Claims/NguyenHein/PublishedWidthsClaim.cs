using CudaLandscape.Landscape.Widths;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Table 1: do published networks have a layer of as many neurons as ImageNet has images? Widths from layer lists.</summary>
internal sealed class PublishedWidthsClaim : IClaim
{
    public int Item => 5;

    public string Name => "published-widths";

    public string Statement => "which published networks have a layer as wide as ImageNet's 1200 thousand images";

    public string Source => "Nguyen and Hein, ICML'18, Table 1";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [];

    public ClaimResult Run(ClaimContext context) => new([.. PublishedArchitectures.All.SelectMany(Checks)])
    {
        Note = "Widths in thousands. The table gives ENet's, GoogLeNet's, ResNet's and Xception's widths as lower bounds; for Xception the "
            + "bound is layer 1's 149 x 149 x 32 = 710,432, while layer 3 has 147 x 147 x 128 = 2,765,952 neurons, so that the answer is yes and not no. "
            + "VGG's 224 x 224 x 64 = 3,211,264 is given as 3000 and Inception's 147 x 147 x 64 = 1,382,976 as 1300, rounded down.",
    };

    private static IEnumerable<Check> Checks(PublishedArchitecture net)
    {
        double isWide = net.MaxWidth >= PublishedArchitectures.ImageNetSamples ? 1 : 0, documented = net.PaperIsWide ? 1 : 0;
        string widest = $"{net.Name}: max n_k / 1000, layer {net.WidestLayer}", answer = $"{net.Name}: at least 1200 thousand (1 yes, 0 no)";
        if (isWide == documented)
        {
            yield return Check.Equal(widest, net.MaxWidth / 1000.0, net.PaperWidth, Rounding(net));
            yield return Check.Equal(answer, isWide, documented);
            yield return Check.Equal($"{net.Name}: first of the widest layers", net.WidestLayer, net.PaperLayer);
        }
        else
        {
            yield return Check.Contradicts(answer, isWide, documented);
            yield return Check.Contradicts(widest, net.MaxWidth / 1000.0, net.PaperWidth, Rounding(net));
        }

        yield return Check.Observe($"{net.Name}: n_1 / 1000", net.Widths[0] / 1000.0);
    }

    // One digit is given from 2000 on, two or three below.
    private static double Rounding(PublishedArchitecture net) => net.PaperWidth >= 2000 ? 1000 : 100;
}
