using CudaLandscape.Landscape.Initialisation;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>E ‖z^L‖² / ‖x‖² at initialisation, for square layers of several kinds, and for rectangular ones, where the remark errs.</summary>
internal sealed class SignalPropagationClaim : IClaim
{
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
        SignalPropagation wide = Gaussian(context, 3 * n, 0), narrow = Gaussian(context, (n + 3) / 4, 1);
        SignalPropagation columns = Measure(context, new Initializer(InitializerKind.Normal, 1 / Math.Sqrt(3 * n)), [n, 3 * n], context.Size("draws"), 2);
        SignalPropagation orthogonal = Square(context, new Initializer(InitializerKind.Orthogonal, 1), 10, 1, 3);
        return new ClaimResult(
        [
            Check.Contradicts($"E ‖Wx‖² / ‖x‖², W[{3 * n},{n}] with rows of variance 1", wide.Mean[1], 1, 10 * wide.StandardError[1]),
            Check.Contradicts($"E ‖Wx‖² / ‖x‖², W[{(n + 3) / 4},{n}] with rows of variance 1", narrow.Mean[1], 1, 10 * narrow.StandardError[1]),
            Near("wide: against n_out / n_in", wide, 3),
            Near("narrow: against n_out / n_in", narrow, (n + 3) / 4 / (double)n),
            Near($"W[{3 * n},{n}] with columns of variance 1", columns, 1),
            Check.AtMost("orthogonal, L = 10: largest |‖z^l‖² / ‖x‖² - 1|", Math.Max(orthogonal.Largest.Max() - 1, 1 - orthogonal.Smallest.Min()), 1e-12),
            .. ((int[])[10, 50, 200]).SelectMany((depth, i) => Deep(context, depth, (ulong)i)),
        ])
        {
            Note = "The mean is over the n unit vectors and the draws; \"near\" is within 5 standard errors over the draws. The remark asks that the variances "
                + "in a row sum to 1, which gives n_out / n_in; E WᵀW = I needs that those in a column do. Without the 1/L the square doubles with every layer.",
        };
    }

    private static IEnumerable<Check> Deep(ClaimContext context, int depth, ulong use)
    {
        SignalPropagation scaled = Square(context, new Initializer(InitializerKind.IdentityResidual, depth), depth, context.Size("draws"), 10 + use);
        SignalPropagation unscaled = Square(context, new Initializer(InitializerKind.IdentityResidual, 1), depth, context.Size("draws"), 20 + use);
        SignalPropagation gaussian = Square(context, new Initializer(InitializerKind.Residual, 1), depth, context.Size("draws"), 30 + use);
        yield return Near($"identity + noise of variance 1/L, L = {depth}: against (1 + 1/L)^L", scaled, Math.Pow(1 + 1.0 / depth, depth));
        yield return Check.AtMost($"its standard error over the mean, L = {depth}", scaled.StandardError[^1] / scaled.Mean[^1], 0.05);
        yield return Check.Equal($"identity + noise of variance 1: log₂ over L, L = {depth}", Math.Log2(unscaled.Mean[^1]) / depth, 1, 0.05);
        yield return Check.Observe($"Gaussian, square, L = {depth}; its spread grows with L", gaussian.Mean[^1], "1 in expectation");
    }

    private static Check Near(string what, SignalPropagation signal, double expected) =>
        Check.Equal(what, signal.Mean[^1], expected, 5 * signal.StandardError[^1]);

    private static SignalPropagation Gaussian(ClaimContext context, int outputs, ulong use) =>
        Measure(context, new Initializer(InitializerKind.Residual, 1), [context.Size("n"), outputs], context.Size("draws"), use);

    private static SignalPropagation Square(ClaimContext context, Initializer initializer, int depth, int draws, ulong use) =>
        Measure(context, initializer, [.. Enumerable.Repeat((long)context.Size("n"), depth + 1)], draws, use);

    private static SignalPropagation Measure(ClaimContext context, Initializer initializer, long[] widths, int draws, ulong use)
    {
        RandomStream stream = context.Stream(use << 32);
        return SignalPropagation.Measure(context.Device, initializer, widths, draws, stream, context.Cancellation);
    }
}
