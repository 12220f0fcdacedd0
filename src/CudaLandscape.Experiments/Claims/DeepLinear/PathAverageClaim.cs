using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>With independent Bernoulli paths the expected output, and the loss of it, are those of the deep linear network.</summary>
internal sealed class PathAverageClaim : IClaim
{
    private const double Rho = 0.3;

    public int Item => 29;

    public string Name => "path-expectation";

    public string Statement => "the expected output over independent paths is the deep linear network's";

    public string Source => $"{DeepLinearClaims.Note}, eq. 7";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "draws of Z for the sampled mean", 4000, 100, 10_000_000)];

    public ClaimResult Run(ClaimContext context)
    {
        using DeepLinearProblem problem = DeepLinearProblem.Gaussian(context.Device, 2, 1, 6, context.Stream(1600));
        using DeepLinearNetwork network = DeepLinearNetwork.Random(problem, [2, 2], context.Stream(1610));
        PathExpectation expectation = new([.. Enumerable.Range(1, 3).Select(k => Matrix(network.Weight(k)))], Rho);
        double[][] samples = [.. problem.X.Transpose().ToArray<double>().Chunk(2)];
        double[] linear = network.Product(3, 1).MatMul(problem.X).ToArray<double>(), targets = problem.Y.ToArray<double>();
        double[] exact = [.. samples.Select(x => expectation.Exact(x)[0])];
        System.Random random = new((int)context.Seed);
        var sampled = samples.Select(x => expectation.Sampled(x, context.Size("draws"), random)).ToArray();
        double deviation = sampled.Zip(linear, (s, y) => Math.Abs(s.Mean[0] - y) / s.StandardError[0]).Max();
        double loss = 0.5 * exact.Zip(targets, (y, t) => (y - t) * (y - t)).Sum();
        return new ClaimResult(
            Check.AtMost("largest |E Ŷ - W₃ W₂ W₁ x|, all 2⁸ values of Z enumerated", exact.Zip(linear, (a, b) => Math.Abs(a - b)).Max(), 1e-13),
            Check.AtMost("largest deviation of a sampled mean, in standard errors", deviation, 5),
            Check.Equal("loss of the expected output", loss, network.Objective.Value(), 1e-12))
        {
            Note = $"Widths 2-2-2-1, {expectation.Paths.PathCount} paths, ρ = {Rho}, q = 1/ρ, 6 samples. L(W) here is the loss of the expected "
                + "output; the expected loss is larger by the variance.",
        };
    }

    private static double[,] Matrix(Tensor weight)
    {
        double[,] matrix = new double[weight.Shape[0], weight.Shape[1]];
        Buffer.BlockCopy(weight.ToArray<double>(), 0, matrix, 0, (int)weight.Bytes);
        return matrix;
    }
}
