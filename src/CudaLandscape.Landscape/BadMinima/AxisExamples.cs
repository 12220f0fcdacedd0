namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// Examples of one number put on every axis of d dimensions (Auer, Herbster and Warmuth, NIPS'95, Theorem 3.4): E(w) = Σ_j f(w_j), so
/// that k minima of f make k^d, ⌊n/d⌋^d for n examples. With a bias (Theorem 4.1) every example gets its mirror image (-x, 1 - y):
/// E is then even in the bias b, has the same minima at b = 0, and ⌊n/(2d)⌋^d of them.
/// </summary>
/// <param name="Inputs">x_i; with a bias the last number is 1.</param>
/// <param name="Targets">y_i.</param>
public sealed record AxisExamples(IReadOnlyList<double[]> Inputs, double[] Targets)
{
    /// <summary>Puts examples on the axes.</summary>
    /// <param name="inputs">Numbers x.</param>
    /// <param name="target">y of them all.</param>
    /// <param name="dimension">d.</param>
    /// <param name="bias">Whether there is one.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is below 1.</exception>
    public static AxisExamples Of(IReadOnlyList<double> inputs, double target, int dimension, bool bias = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        List<double[]> examples = [];
        List<double> targets = [];
        foreach (double x in inputs)
        {
            for (int axis = 0; axis < dimension; axis++)
            {
                examples.Add(OnAxis(x, axis, dimension, bias));
                targets.Add(target);
                if (!bias) continue;
                examples.Add(OnAxis(-x, axis, dimension, bias));
                targets.Add(1 - target);
            }
        }

        return new AxisExamples(examples, [.. targets]);
    }

    /// <summary>All points whose coordinates are among the given ones, with a bias of 0 where there is one: k^d of them.</summary>
    public static IReadOnlyList<double[]> Grid(IReadOnlyList<double> coordinates, int dimension, bool bias = false)
    {
        IEnumerable<double[]> points = [[]];
        for (int axis = 0; axis < dimension; axis++) points = [.. points.SelectMany(p => coordinates.Select(c => (double[])[.. p, c]))];
        return [.. points.Select(p => bias ? (double[])[.. p, 0] : p)];
    }

    private static double[] OnAxis(double x, int axis, int dimension, bool bias)
    {
        double[] example = new double[dimension + (bias ? 1 : 0)];
        example[axis] = x;
        if (bias) example[^1] = 1;
        return example;
    }
}
