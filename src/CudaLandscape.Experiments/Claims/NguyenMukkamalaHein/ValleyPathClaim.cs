using CudaLandscape.Figures;
using CudaLandscape.Landscape.Valleys;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>Ψ V = Y is solved, and from any point a path leads down to ε without a rise.</summary>
internal sealed class ValleyPathClaim : IClaim
{
    private const double Epsilon = 0.01;

    public int Item => 18;

    public string Name => "valley-path";

    public string Statement => "from any point of a skip network a path leads to loss ε without a rise";

    public string Source => $"{ValleyClaims.Paper}, Theorem 3.3 (1) and (2)";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
    [
        new("n", "images, and skip connections", 120, 40, 2000),
        new("points", "losses computed on a segment", 100, 50, 10_000),
    ];

    public long EstimateBytes(ClaimContext context) => 8L * 8 * context.Size("n") * context.Size("n");

    /// <summary>The paths from a small V, from a large one, and from U = 0, with the residual of Ψ V = Y at the first, over ‖Y‖.</summary>
    public static (ValleyPath Small, ValleyPath Large, ValleyPath Flat, double Residual) Follow(ClaimContext context)
    {
        int n = context.Size("n");
        using SkipProblem problem = new(context, n), large = new(context, n, 1), flat = new(context, n, 2);
        double residual = Residual(problem);
        large.ScaleReadout(20);
        flat.ClearFeatures();
        return (Follow(context, problem), Follow(context, large), Follow(context, flat), residual);
    }

    public ClaimResult Run(ClaimContext context)
    {
        (ValleyPath small, ValleyPath large, ValleyPath flat, double residual) = Follow(context);
        ValleyPath beyond = FromBeyond(context);
        ValleyPath[] all = [small, large, flat];
        return new ClaimResult(
            Check.AtMost("largest rise of the loss from one point of a path to the next, of three paths", all.Max(p => p.LargestRise), 0),
            Check.AtMost("largest loss at a path's end", all.Max(p => p.End), Epsilon),
            Check.AtMost("‖Ψ V - Y‖ / ‖Y‖ of the solution for one-hot labels", residual, 1e-8),
            Check.AtMost("largest relative excess over the straight line to V*: convex", all.Max(p => p.LargestExcess / p.Losses[0]), 1e-9),
            Check.Equal($"largest |Φ(V*) - ε/2|, ε = {Epsilon}", all.Max(p => Math.Abs(p.AtTarget - Epsilon / 2)), 0, 0.01 * Epsilon / 2),
            Check.AtLeast("loss at the beginning, smallest", all.Min(p => p.Losses[0]), 100 * Epsilon),
            Check.Observe("t* = ln((m - 1) / (e^(ε/2) - 1))", small.Target),
            Ends("V as drawn", small), Ends("V twenty times as large", large), Ends("U = 0, where all neurons are equal", flat),
            Check.AtLeast("there U was moved by normal numbers of deviation", flat.Perturbation, double.Epsilon),
            Check.AtMost("which changed the loss by", Math.Abs(flat.Losses[0] - flat.Before), 0.05),
            Check.AtMost("loss at 2 V*, over ε/2", beyond.Losses[0] / (Epsilon / 2), 0.5),
            Check.AtLeast("largest rise on the whole segment from there to V*: why a path stops at ε/2", beyond.LargestRise, 1e-9))
        {
            Note = "V goes to V* = t* Ψ⁻¹ Y less what the network's own last layer gives. The loss is that of the network, computed anew at every "
                + "point. The path stops where the loss first is ε/2, since V* itself has that loss: a segment that is lower rises to it.",
            Figures = [new("valley-path", Draw(small, large, flat))],
        };
    }

    private static Plot Draw(ValleyPath small, ValleyPath large, ValleyPath flat) => new(
        "From three points of a skip network to ε/2 without a rise", new Axis("place on the segment from V to V*"), new Axis("loss") { Scale = AxisScale.Log },
        Series.Line("V as drawn", small.Positions, small.Losses), Series.Line("V twenty times as large", large.Positions, large.Losses),
        Series.Line("U = 0", flat.Positions, flat.Losses), Series.Horizontal("ε/2", Epsilon / 2));

    private static Check Ends(string what, ValleyPath path) =>
        Check.Observe(
            $"{what}: loss at the beginning, and where it is ε/2 on the segment", path.Losses[0], $"{Check.Text(path.End)} at {path.Positions[^1]:F2}");

    private static ValleyPath Follow(ClaimContext context, SkipProblem problem)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        return ValleyPath.Follow(
            problem.Network, problem.Parameters, problem.X, problem.Labels, Epsilon, context.Stream(2000), context.Size("points"));
    }

    // A segment that begins below ε/2, not stopped there.
    private static ValleyPath FromBeyond(ClaimContext context)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        using SkipProblem problem = new(context, context.Size("n"));
        _ = Follow(context, problem);
        Tensor end = problem.V.Detach().Scale(1);
        return ValleyPath.Along(
            problem.V, end.Scale(2), end, () => problem.Network.Forward(problem.X).CrossEntropy(problem.Labels).Item(), 0, context.Size("points"));
    }

    private static double Residual(SkipProblem problem)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor psi = problem.Network.Neurons(problem.X), y = problem.Labels.OneHot(10, DType.Float64);
        return (psi.MatMul(psi.Solve(y)) - y).Norm().Item() / y.Norm().Item();
    }
}
