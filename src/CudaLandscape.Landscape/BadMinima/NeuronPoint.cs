using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// What kind of point of a <see cref="SingleNeuron"/> it is, in units of its own weights: minima lie at weights of very different
/// sizes, so derivatives are taken with respect to relative changes, s_j = |w_j| (1 where w_j = 0). That changes neither which
/// points are critical nor how many directions curve down there.
/// </summary>
/// <param name="Weights">w.</param>
/// <param name="Error">E(w).</param>
/// <param name="ScaledGradient">max_j |s_j ∂E/∂w_j|.</param>
/// <param name="LowestCurvature">Smallest eigenvalue of s_i s_j ∂²E/∂w_i∂w_j.</param>
public sealed record NeuronPoint(double[] Weights, double Error, double ScaledGradient, double LowestCurvature)
{
    /// <summary>Whether it is a strict minimum: no gradient to a tolerance, and all curvatures above ten times that.</summary>
    public bool IsMinimum(double tolerance = 1e-10) => ScaledGradient <= tolerance && LowestCurvature > 10 * tolerance;

    /// <summary>Measures points: one recorded gradient for all of them, and d more for their Hessians.</summary>
    public static NeuronPoint[] Measure(SingleNeuron neuron, IReadOnlyList<double[]> points)
    {
        if (points.Count == 0) return [];
        using TensorScope scope = new();
        int d = neuron.Dimension;
        Tensor w = neuron.Rows(points).RequireGradient(), e = neuron.Errors(w);
        Tensor gradient = Gradient.Of(e.Sum(), w, createGraph: true);
        Tensor scales = neuron.Rows([.. points.Select(p => Array.ConvertAll(p, v => v == 0 ? 1 : Math.Abs(v)))]);
        Tensor[] rows = [.. Enumerable.Range(0, d).Select(j => Row(gradient, w, scales, j))];
        Tensor hessians = rows.Concat(1);
        double[] errors = e.ToArray<double>(), scaled = (gradient.Detach() * scales).ToArray<double>();
        return [.. points.Select((p, i) => new NeuronPoint(
            p, errors[i], scaled.Skip(i * d).Take(d).Max(Math.Abs), Lowest(hessians.Slice(0, i, i + 1).Reshape([d, d]))))];
    }

    // s_j s_k ∂²E/∂w_j∂w_k for all k and points, as [G,1,d].
    private static Tensor Row(Tensor gradient, Tensor w, Tensor scales, int j)
    {
        (long count, long d) = (w.Shape[0], w.Shape[1]);
        double[] basis = [.. Enumerable.Range(0, (int)count).SelectMany(_ => Enumerable.Range(0, (int)d).Select(k => k == j ? 1.0 : 0))];
        Tensor direction = Tensor.From<double>(w.Device, w.Shape, basis) * scales;
        return (Gradient.Of(gradient, [w], direction)[0] * scales).Reshape([count, 1, d]);
    }

    private static double Lowest(Tensor hessian)
    {
        using TensorScope scope = new();
        return ((hessian + hessian.Transpose()).Scale(0.5)).SymmetricEigenvalues().ToArray<double>()[0];
    }
}
