using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>‖A - X Y‖² = ‖A - X T T⁻¹ Y‖²: every minimum lies in a manifold of minima, and its Hessian is flat along it.</summary>
internal sealed class FlatOrbitsClaim : IClaim
{
    private const int Rows = 5, Columns = 6;

    public int Item => 37;

    public string Name => "flat-orbits";

    public string Statement => "‖A - X Y‖² has no strict minima: X T, T⁻¹ Y are as good for every invertible T";

    public string Source => "Lecture note 6, section 6.2, symmetry";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("inits", "random starts of descents for each r", 4, 2, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = Problem(context);
        List<Check> checks = [];
        List<CriticalPoint> ends = [];
        List<(string, CriticalPoint)> best = [];
        (int strict, double change, double nearest) = (0, 0, double.PositiveInfinity);
        for (int r = 1; r <= 3; r++)
        {
            using DeepLinearNetwork network = DeepLinearPoints.OfSubset(problem, [r], [.. Enumerable.Range(0, r)], context.Stream(10 + (ulong)r));
            CriticalPoint point = CriticalPoint.At(network.Objective);
            best.Add(($"r = {r}: {point.Nullity} of {point.Eigenvalues.Length} are zero", point));
            checks.Add(Check.Equal($"r = {r}: zero eigenvalues at the global minimum, against r²", point.Nullity, r * r));
            checks.Add(Check.Equal($"r = {r}: dimension of the orbit, against r²", SymmetryOrbit.Dimension(network), r * r));
            for (int init = 0; init < context.Size("inits"); init++)
            {
                using DeepLinearNetwork end = Descend(context, problem, r, context.Stream(100 * (ulong)r + (ulong)init));
                CriticalPoint minimum = CriticalPoint.At(end.Objective);
                (double moved, double distance) = Move(end, context.Stream(200 * (ulong)r + (ulong)init));
                (change, nearest) = (Math.Max(change, moved), Math.Min(nearest, distance));
                strict += minimum.Nullity < SymmetryOrbit.Dimension(end) ? 1 : 0;
                ends.Add(minimum);
            }
        }

        return new ClaimResult(
        [
            Check.AtMost("largest relative change of the loss at X T, T⁻¹ Y", change, 1e-11),
            Check.AtLeast("smallest distance to it", nearest, 1e-6),
            Check.Equal($"of {ends.Count} ends of descents, those with fewer zero eigenvalues than the orbit has dimensions", strict, 0),
            Check.AtMost("largest ‖gradient‖ at these ends", ends.Max(p => p.GradientNorm), 1e-10),
            Check.Equal("negative eigenvalues at them", ends.Sum(p => p.Index), 0),
            .. checks,
        ])
        {
            Note = $"A is {Rows} x {Columns} and normal, r the inner dimension. T is I plus noise of deviation 0.4 / √r.",
            Figures = [new("flat-orbits", SpectrumPlot.Of("Hessian of ‖A - X Y‖² at the global minimum, inner dimension r", relative: true, best))],
        };
    }

    // Φ = ½ ‖W₂ W₁ - A‖² is the loss of a linear network with one hidden layer on the unit vectors.
    private static DeepLinearProblem Problem(ClaimContext context)
    {
        using TensorScope scope = new();
        Tensor a = RandomTensor.Normal(context.Device, [Rows, Columns], DType.Float64, context.Stream(1));
        return new DeepLinearProblem(SmallMatrices.Identity(context.Device, Columns), a);
    }

    private static DeepLinearNetwork Descend(ClaimContext context, DeepLinearProblem problem, int r, RandomStream stream)
    {
        DeepLinearNetwork network = DeepLinearNetwork.Random(problem, [r], stream);
        GradientDescent.Run(network.Objective, 1e-4, cancellation: context.Cancellation);
        GradientNormMinimizer.Run(network.Objective, cancellation: context.Cancellation);
        return network;
    }

    private static (double Change, double Distance) Move(DeepLinearNetwork network, RandomStream stream)
    {
        using TensorScope scope = new();
        using DeepLinearNetwork image = SymmetryOrbit.Move(network, 0.4, stream with { Stream = stream.Stream + (1UL << 32) });
        double loss = network.Objective.Value();
        double distance = (network.Objective.Point() - image.Objective.Point()).Norm().Item();
        return (Math.Abs(image.Objective.Value() - loss) / loss, distance);
    }
}
