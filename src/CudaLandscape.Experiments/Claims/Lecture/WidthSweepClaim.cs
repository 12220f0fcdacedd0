using CudaLandscape.Figures;
using CudaLandscape.Landscape.Fitting;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors.Random;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>Training to zero loss fails with fewer parameters than equations and always succeeds with as many neurons as samples.</summary>
internal sealed class WidthSweepClaim : IClaim
{
    private const int Inputs = 4;

    public int Item => 41;

    public string Name => "width-sweep";

    public string Statement => "the wider, the easier to train: fewer parameters than samples never fit, n neurons always";

    public string Source => "Lecture note 6, section 6.3";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "samples", 20, 12, 200),
        new("starts", "initial points for each width", 4, 3, 1000),
        new("steps", "Levenberg-Marquardt steps at most", 60, 30, 10_000),
    ];

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n"), starts = context.Size("starts");
        int[] widths = [1, 2, 3, 4, 6, n / 2, n];
        (int Width, int Fitted)[] sweep = [.. widths.Distinct().Order().Select(w => (w, Enumerable.Range(0, starts).Count(s => Fits(context, w, (ulong)s))))];
        int tooFew = sweep.Where(s => Parameters(s.Width) < n).Sum(s => s.Fitted);
        return new ClaimResult(
        [
            Check.Equal($"of {starts} starts with n = {n} neurons, those that reach zero loss", sweep.Single(s => s.Width == n).Fitted, starts),
            Check.Equal("starts with fewer parameters than samples that reach it", tooFew, 0),
            .. sweep.Select(s => Check.Observe($"width {s.Width}, {Parameters(s.Width)} parameters: starts that reach zero loss", s.Fitted, $"of {starts}")),
        ])
        {
            Figures = [new("width-sweep", Draw(n, [.. sweep.Select(s => (double)s.Width)], [.. sweep.Select(s => (double)s.Fitted / starts)]))],
        };
    }

    private static Plot Draw(int n, double[] widths, double[] shares) => new(
        $"Training {n} samples to zero loss", new Axis("width of the hidden layer") { Scale = AxisScale.Log }, new Axis("share of starts that reach it"),
        Series.LineAndPoints("", widths, shares),
        Series.Vertical("as many parameters as samples", (n - 1.0) / (Inputs + 2)), Series.Vertical("as many neurons as samples", n));

    private static int Parameters(int width) => width * (Inputs + 2) + 1;

    // Sigmoid units on normal samples with normal targets; zero is 1e-16, far above rounding and far below any misfit.
    private static bool Fits(ClaimContext context, int width, ulong start)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        using TensorScope scope = new();
        Sequential model = new([Inputs], new Linear(Inputs, width), Activation.Sigmoid, new Linear(width, 1));
        using ParameterSlab parameters = ParameterSlab.Initialize(
            model, context.Device, DType.Float64, new Initializer(InitializerKind.Normal, 1), (context.Seed << 20) + start);
        Tensor x = RandomTensor.Normal(context.Device, [context.Size("n"), Inputs], DType.Float64, context.Stream(1));
        Tensor y = RandomTensor.Normal(context.Device, [context.Size("n"), 1], DType.Float64, context.Stream(2));
        return LevenbergMarquardt.Minimise(model, parameters, x, y, context.Size("steps"), 1e-10).Loss < 1e-16;
    }
}
