using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Landscape.Fitting;
using CudaLandscape.Landscape.Rank;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>Global minima are infinitely many: along W_2 + t w vᵀ with F_1 v = 0 the loss stays zero, however far one goes.</summary>
internal sealed class ZeroLossFamilyClaim : IClaim
{
    public int Item => 13;

    public string Name => "zero-loss-family";

    public string Statement => "points of zero loss come in families without end";

    public string Source => "Nguyen and Hein, ICML'18, Theorem 4.5; workshop version, Theorem 2.4";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("starts", "initial points", 3, 2, 10_000), new("steps", "Levenberg-Marquardt steps at most", 200, 50, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        List<double> losses = [], controls = [];
        for (ulong start = 0; start < (ulong)context.Size("starts"); start++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using TensorScope scope = new();
            using SmallProblem problem = new(context, start);
            LevenbergMarquardt.Minimise(problem.Model, problem.Parameters, problem.X, problem.Y, context.Size("steps"), 1e-12);
            Tensor z = RandomTensor.Normal(context.Device, [25, 1], DType.Float64, context.Stream(500 + start)), v = NullVector(problem, z);
            double[] steps = [0, -100, -1, 1, 10, 100];
            losses.AddRange(steps.Select(t => LossAt(problem, v, t)));
            controls.Add(LossAt(problem, z, 1));
        }

        return new ClaimResult(
            Check.AtMost("largest loss at t = 0, ±1, 10, ±100", losses.Max(), 1e-18),
            Check.AtLeast("the same along a vector with F_1 v ≠ 0, t = 1: smallest loss", controls.Min(), 1e-6));
    }

    // The part of z that F_1 maps to 0.
    private static Tensor NullVector(SmallProblem problem, Tensor z)
    {
        Tensor f = ModelFeatures.Of(problem.Model, problem.X, SmallProblem.Wide);
        return z - MinimumNormFit.Solve(f, f.MatMul(z));
    }

    private static double LossAt(SmallProblem problem, Tensor v, double t)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        Tensor weight = problem.Model.Parameters.Single(p => p.Name == "fc2.weight").Value, before = weight.Detach().Scale(1);
        Tensor w = Tensor.Full(v.Device, [before.Shape[0], 1], v.DType, t);
        weight.CopyFrom(before + w.MatMul(v, transposeB: true));
        double loss = (problem.Model.Forward(problem.X) - problem.Y).Square().Sum().Item() / 2;
        weight.CopyFrom(before);
        return loss;
    }
}
