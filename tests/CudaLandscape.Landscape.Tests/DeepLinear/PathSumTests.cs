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
        Vector<double> linear = Vector<double>.Build.Dense(x);
        foreach (double[,] w in s_weights) linear = Matrix<double>.Build.DenseOfArray(w) * linear;
        Close.Relative([.. linear * 2], (new PathSum(s_weights, 2)).Sum(x, _ => 1), 1e-13, "linear");
    }

    [Fact]
    public void Every_path_is_asked_once_for_each_output()
    {
        List<string> asked = [];
        _ = new PathSum(s_weights).Sum([1, 1, 1], hidden =>
        {
            asked.Add(string.Join(",", hidden));
            return 1;
        });
        Assert.Equal(2 * 60, asked.Count);
        Assert.Equal(20, asked.Distinct().Count());
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

    private static double[,] Draw(int rows, int columns, int seed) =>
        Matrix<double>.Build.DenseOfColumnMajor(rows, columns, TestData.Spread([rows * columns], seed).Values).ToArray();
}
