using CudaLandscape.Experiments.Claims;
using CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;
using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Nn.Data;

namespace CudaLandscape.Experiments.Tests.Claims;

/// <summary>What the claims on skip networks have beside their verdicts, which ClaimListTests takes.</summary>
[Collection("device")]
public sealed class ValleyClaimsTests
{
    [Fact]
    public void Paths_begin_high_end_at_half_epsilon_and_have_a_curve_to_draw()
    {
        (ValleyPath small, ValleyPath large, ValleyPath flat, double residual) = ValleyPathClaim.Follow(Context(("n", 40), ("points", 50)));
        Assert.True(large.Losses[0] > 3 * small.Losses[0]);
        Assert.True(flat.Perturbation > 0 && small.Perturbation == 0 && large.Perturbation == 0);
        Assert.InRange(residual, 0, 1e-8);
        Assert.All(new[] { small, large, flat }, path =>
        {
            Assert.Equal(path.Positions.Length, path.Losses.Length);
            Assert.Equal((0.0, path.Before > 1), (path.Positions[0], true));
            Assert.InRange(path.End, 0.004, 0.00505);
        });
    }

    // A white bar of three rows at the top of every image: they then agree on its patches before noise, and on none after it.
    [Fact]
    public void Colour_images_that_agree_are_counted()
    {
        ClaimContext context = Context(("n", 200), ("colours", 100));
        ClaimContext barred = new(TestDevices.Primary, 1, context.Sizes, context.Images, colours: count => Barred(context.Colours(count)));
        Assert.Equal(0, Agreeing(context));
        Assert.InRange(Agreeing(barred), 1, 1023);

        static double Agreeing(ClaimContext context)
        {
            ClaimResult result = new DistinctFieldsClaim().Run(context);
            Assert.Equal(Verdict.Holds, result.Verdict);
            return result.Checks.Single(c => c.What.StartsWith("colour images before noise: of 1024", StringComparison.Ordinal)).Computed;
        }
    }

    private static ImageSet Barred(ImageSet images)
    {
        for (int i = 0; i < images.Pixels.Length; i++)
        {
            if (i / 32 % 32 < 3) images.Pixels[i] = 255;
        }

        return images;
    }

    private static ClaimContext Context(params (string Name, int Value)[] sizes) => new(
        TestDevices.Primary, 1, sizes.ToDictionary(s => s.Name, s => s.Value), count => ProceduralDigits.Generate(count, 1));
}
