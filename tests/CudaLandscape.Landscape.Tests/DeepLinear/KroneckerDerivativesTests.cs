using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Landscape.Tests.CriticalPoints;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.DeepLinear;

/// <summary>Closed forms, the engine's derivatives and finite differences agree.</summary>
[Collection("device")]
public sealed class KroneckerDerivativesTests
{
    public static TheoryData<long[]> Hidden => [[2], [3, 2], [2, 3, 2]];

    [Theory, MemberData(nameof(Hidden))]
    public void The_gradient_is_the_engines(long[] hidden)
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, hidden, new RandomStream(1, 0));
        double[] closed = [.. Enumerable.Range(1, hidden.Length + 1).SelectMany(k => KroneckerDerivatives.Gradient(network, k).ToArray<double>())];
        Close.ToScale(closed, network.Objective.Gradient().Gradient.ToArray<double>(), 1e-13, 1, "gradient");
    }

    [Theory, MemberData(nameof(Hidden))]
    public void The_blocks_of_the_Hessian_are_the_engines_and_those_of_finite_differences(long[] hidden)
    {
        using TensorScope scope = new();
        using DeepLinearProblem problem = Problems.Small();
        using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, hidden, new RandomStream(2, 0));
        double[,] differences = Functions.FiniteDifferenceHessian(network.Objective);
        using Curvature curvature = new(network.Objective);
        Tensor hessian = curvature.Hessian();
        for (int l = 1, row = 0; l <= hidden.Length + 1; row += (int)network.Weight(l++).ElementCount)
        {
            for (int k = 1, column = 0; k <= l; column += (int)network.Weight(k++).ElementCount)
            {
                double[] closed = KroneckerDerivatives.HessianBlock(network, l, k).ToArray<double>();
                int columns = (int)network.Weight(k).ElementCount;
                Tensor block = hessian.Slice([row, column], [row + network.Weight(l).ElementCount, column + columns]);
                Close.ToScale(closed, block.ToArray<double>(), 1e-13, 1, $"block {l}, {k}");
                double[] numeric = [.. closed.Select((_, i) => differences[row + i / columns, column + i % columns])];
                Close.ToScale(closed, numeric, 1e-7, 1, $"block {l}, {k} by differences");
            }
        }
    }
}
