using CudaLandscape.Landscape.Bounds;
using CudaLandscape.Landscape.Fitting;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>The gradient lies between Lemma 4.3's bounds, on random and trained full and convolutional networks.</summary>
internal sealed class GradientBoundsClaim : IClaim
{
    public int Item => 11;

    public string Name => "gradient-bounds";

    public string Statement => "the gradient lies between Lemma 4.3's bounds";

    public string Source => "Nguyen and Hein, ICML'18, Lemma 4.3";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("draws", "random networks, with data of their own", 100, 20, 100_000),
        new("steps", "Levenberg-Marquardt steps of the trained ones", 10, 3, 1000),
    ];

    public ClaimResult Run(ClaimContext context)
    {
        int draws = context.Size("draws"), trained = Math.Max(1, draws / 20);
        List<GradientBounds> random = [], after = [];
        for (int draw = 0; draw < draws; draw++) random.Add(OfFull(context, (ulong)draw, 0));
        for (int draw = 0; draw < trained; draw++) after.Add(OfFull(context, (ulong)draw, context.Size("steps")));
        (GradientBounds convolution, double deviation) = OfConvolution(context);
        return new ClaimResult(
            Check.Equal($"of {draws} random networks 6-25-12-8-4, those within the bounds", random.Count(b => b.Hold()), draws),
            Check.AtLeast("smallest gradient / lower bound, random", random.Min(b => b.Gradient / b.Lower), 1),
            Check.AtMost("largest gradient / upper bound, random", random.Max(b => b.Gradient / b.Upper), 1),
            Check.Equal($"of {trained} trained networks, those within the bounds", after.Count(b => b.Hold()), trained),
            Check.AtLeast("smallest lower bound seen: not an empty one", random.Concat(after).Min(b => b.Lower), double.Epsilon),
            Check.AtLeast("convolution as layer k + 1: gradient / lower bound", convolution.Gradient / convolution.Lower, 1),
            Check.AtMost("convolution as layer k + 1: gradient / upper bound", convolution.Gradient / convolution.Upper, 1),
            Check.AtMost("chain rule from U to W, convolution: largest relative deviation", deviation, 1e-10));
    }

    private static GradientBounds OfFull(ClaimContext context, ulong draw, int steps)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        using TensorScope scope = new();
        using SmallProblem problem = new(context, draw);
        LevenbergMarquardt.Minimise(problem.Model, problem.Parameters, problem.X, problem.Y, steps, 0);
        return GradientBounds.Of(problem.Model, SmallProblem.Wide, problem.X, problem.Y);
    }

    // 1 x 6 x 6 samples, a convolution of 4 x 4 x 4 neurons, one of 2 x 3 x 3, and three outputs.
    private static (GradientBounds Bounds, double Deviation) OfConvolution(ClaimContext context)
    {
        Sequential model = new(
            [1, 6, 6], ("conv1", new Conv2d([1, 6, 6], 4, kernel: 3)), ("act1", Activation.Sigmoid), ("conv2", new Conv2d([4, 4, 4], 2, kernel: 2)),
            ("act2", Activation.Sigmoid), ("flatten", new Flatten()), ("fc", new Linear(18, 3)));
        using ParameterSlab parameters = ParameterSlab.Initialize(model, context.Device, DType.Float64, new Initializer(InitializerKind.Normal, 1), context.Seed);
        Tensor x = RandomTensor.Normal(context.Device, [15, 1, 6, 6], DType.Float64, context.Stream(1000));
        Tensor y = RandomTensor.Normal(context.Device, [15, 3], DType.Float64, context.Stream(1001));
        return (GradientBounds.Of(model, "act1", x, y), ChainRule.LargestDeviation(model, "act1", x, y));
    }
}
