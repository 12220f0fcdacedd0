using CudaLandscape.Figures;
using CudaLandscape.Landscape.Initialisation;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>E ‖z^L‖² / ‖x‖² at initialisation, for square layers of several kinds, and for rectangular ones, where the remark errs.</summary>
internal sealed class SignalPropagationClaim : IClaim
{
    private static readonly int[] s_depths = [10, 50, 200];

    public int Item => 32;

    public string Name => "signal-propagation";

    public string Statement => "initial layers keep the length of a signal: orthogonal exactly, 1/L-scaled residual up to e, Gaussian only square ones";

    public string Source => "Lecture note 6, section 6.1, Remark 6.2";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "neurons of every layer", 48, 32, 2000),
        new("draws", "random networks of each kind", 16, 16, 10_000),
    ];

    public ClaimResult Run(ClaimContext context)
    {
        int n = context.Size("n");
        SignalPropagation[] scaled = [.. s_depths.Select(l => Square(context, new Initializer(InitializerKind.IdentityResidual, l), l))];
        SignalPropagation[] plain = [.. s_depths.Select(l => Square(context, new Initializer(InitializerKind.IdentityResidual, 1), l))];
        SignalPropagation[] gaussian = [.. s_depths.Select(l => Square(context, new Initializer(InitializerKind.Residual, 1), l))];
        SignalPropagation orthogonal = Square(context, new Initializer(InitializerKind.Orthogonal, 1), s_depths[1], draws: 1);
        return new ClaimResult(
        [
            .. Rectangular(context, n, 3 * n), .. Rectangular(context, n, (n + 3) / 4),
            Near($"W[{3 * n},{n}] with columns of variance 1", Measure(context, new Initializer(InitializerKind.Normal, 1 / Math.Sqrt(3 * n)), [n, 3 * n]), 1),
            Check.AtMost("orthogonal, L = 50: largest |‖z^l‖² / ‖x‖² - 1|", Math.Max(orthogonal.Largest.Max() - 1, 1 - orthogonal.Smallest.Min()), 1e-12),
            .. scaled.Select(s => Near($"identity + noise of variance 1/L, L = {s.Depth}: against (1 + 1/L)^L", s, Math.Pow(1 + 1.0 / s.Depth, s.Depth))),
            .. scaled.Select(s => Check.AtMost($"its standard error over the mean, L = {s.Depth}", s.StandardError[^1] / s.Mean[^1], 0.05)),
            .. plain.Select(s => Check.Equal($"identity + noise of variance 1: log₂ over L, L = {s.Depth}", Math.Log2(s.Mean[^1]) / s.Depth, 1, 0.05)),
            .. gaussian.Select(s => Check.Observe($"Gaussian, square, L = {s.Depth}; its spread grows with L", s.Mean[^1], "1 in expectation")),
        ])
        {
            Note = "The mean is over the n unit vectors and the draws; \"against\" is within 5 standard errors over the draws. The remark asks that the variances "
                + "in a row sum to 1, which gives n_out / n_in; E WᵀW = I needs that those in a column do. Without the 1/L the square doubles with every layer.",
            Figures = [new("signal-propagation", Draw(scaled[1], plain[1], gaussian[1], orthogonal))],
        };
    }

    private static IEnumerable<Check> Rectangular(ClaimContext context, int inputs, int outputs)
    {
        SignalPropagation signal = Measure(context, new Initializer(InitializerKind.Residual, 1), [inputs, outputs]);
        yield return Check.Contradicts($"E ‖Wx‖² / ‖x‖², W[{outputs},{inputs}] with rows of variance 1", signal.Mean[1], 1, 10 * signal.StandardError[1]);
        yield return Near("the same against n_out / n_in", signal, outputs / (double)inputs);
    }

    private static Check Near(string what, SignalPropagation signal, double expected) =>
        Check.Equal(what, signal.Mean[^1], expected, 5 * signal.StandardError[^1]);

    private static SignalPropagation Square(ClaimContext context, Initializer initializer, int depth, int? draws = null) =>
        Measure(context, initializer, [.. Enumerable.Repeat((long)context.Size("n"), depth + 1)], draws);

    // Numbers of its own for each kind and depth.
    private static SignalPropagation Measure(ClaimContext context, Initializer initializer, long[] widths, int? draws = null)
    {
        RandomStream stream = context.Stream(((ulong)initializer.Kind << 48) + ((ulong)widths[^1] << 32) + ((ulong)widths.Length << 20));
        return SignalPropagation.Measure(context.Device, initializer, widths, draws ?? context.Size("draws"), stream, context.Cancellation);
    }

    private static Plot Draw(SignalPropagation scaled, SignalPropagation plain, SignalPropagation gaussian, SignalPropagation orthogonal)
    {
        static double[] Depths(SignalPropagation s) => [.. Enumerable.Range(0, s.Depth + 1).Select(l => (double)l)];
        return new Plot(
            $"A signal's length through initial layers, L = {scaled.Depth}", new Axis("layer l"),
            new Axis("mean of ‖z^l‖² / ‖x‖²") { Scale = AxisScale.Log, From = 0.2, To = 20 },
            Series.Line("identity + noise of variance 1/L", Depths(scaled), scaled.Mean),
            Series.Line("identity + noise of variance 1", Depths(plain), plain.Mean),
            Series.Line("Gaussian", Depths(gaussian), gaussian.Mean),
            Series.Line("orthogonal", Depths(orthogonal), orthogonal.Mean),
            Series.Horizontal("e", Math.E));
    }
}
