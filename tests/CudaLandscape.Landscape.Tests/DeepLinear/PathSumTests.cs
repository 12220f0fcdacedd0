using CudaLandscape.Landscape.DeepLinear;
using MathNet.Numerics.LinearAlgebra;

namespace CudaLandscape.Landscape.Tests.DeepLinear;

public sealed class PathSumTests
{
    private static readonly double[][,] s_weights =
        [Draw(4, 3, 1), Draw(5, 4, 2), Draw(2, 5, 3)];

    [Fact]
    public void The_sum_over_paths_is_the_forward_pass_of_the_network()
    {
        PathSum paths = new(s_weights);
        Assert.Equal(60, paths.PathCount);
        System.Random random = new(4);
        for (int sample = 0; sample < 20; sample++)
        {
            double[] x = [.. Enumerable.Range(0, 3).Select(_ => 2 * random.NextDouble() - 1)];
            Close.Relative(Forward(x), paths.Relu(x), 1e-13, $"sample {sample}");
        }
    }

    [Fact]
    public void Without_the_activities_it_is_the_linear_network_times_q()
    {
        double[] x = [0.3, -1, 2];
        Close.Relative([.. Linear(s_weights, x).Select(y => 2 * y)], new PathSum(s_weights, 2).Sum(x, _ => 1), 1e-13, "linear");
    }

    [Fact]
    public void Every_path_is_asked_once_for_each_output()
    {
        List<string> asked = [];
        _ = new PathSum(s_weights).Sum([1, 1, 1], path =>
        {
            asked.Add(string.Join(",", path));
            return 1;
        });
        Assert.Equal((120, 120), (asked.Count, asked.Distinct().Count()));
        Assert.Contains("2,3,4,1", asked);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.7)]
    public void The_expectation_over_independent_paths_is_the_linear_network(double rho)
    {
        PathExpectation expectation = new([Draw(2, 2, 5), Draw(1, 2, 6)], rho);
        double[] x = [0.4, -1.3];
        double expected = Linear(expectation.Paths.Weights, x)[0];
        Assert.Equal(expected, expectation.Exact(x)[0], 1e-14);
        (double[] mean, double[] error) = expectation.Sampled(x, 4000, new System.Random(1));
        Assert.InRange(error[0], 1e-4, 0.2);
        Assert.InRange(mean[0], expected - 5 * error[0], expected + 5 * error[0]);
    }

    [Fact]
    public void Too_many_paths_for_an_enumeration_and_wrong_probabilities_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PathExpectation(s_weights, 0.5).Exact([1, 1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PathExpectation(s_weights, 0));
    }

    private static double[] Forward(double[] x)
    {
        Vector<double> signal = Vector<double>.Build.Dense(x);
        for (int k = 0; k < s_weights.Length; k++)
        {
            signal = Matrix<double>.Build.DenseOfArray(s_weights[k]) * signal;
            if (k < s_weights.Length - 1) signal = signal.PointwiseMaximum(0);
        }

        return [.. signal];
    }

    private static double[] Linear(IEnumerable<double[,]> weights, double[] x) =>
        [.. weights.Aggregate(Vector<double>.Build.Dense(x), (signal, w) => Matrix<double>.Build.DenseOfArray(w) * signal)];

    private static double[,] Draw(int rows, int columns, int seed) =>
        Matrix<double>.Build.DenseOfColumnMajor(rows, columns, TestData.Spread([rows * columns], seed).Values).ToArray();
}
