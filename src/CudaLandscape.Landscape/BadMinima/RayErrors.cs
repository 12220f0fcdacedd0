using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// E along rays from a point w_0, a ↦ E((1 - a) w_0 + a w) for a ≥ 0. Where every example is met at w_0 and the losses grow with the
/// distance of φ from its target, E does not fall along any ray (Auer, Herbster and Warmuth, NIPS'95, Theorem 5.1).
/// </summary>
/// <param name="Errors">E[R][A] of R rays at A points, a rising from 0.</param>
public sealed record RayErrors(double[][] Errors)
{
    /// <summary>The largest amount by which E falls from one point of a ray to the next; 0 or less when it falls on none.</summary>
    public double LargestDrop => Errors.Max(ray => ray.Zip(ray.Skip(1), (before, after) => before - after).Max());

    /// <summary>Rays of random directions, uniform on the sphere.</summary>
    /// <param name="neuron">The neuron.</param>
    /// <param name="origin">w_0.</param>
    /// <param name="rays">R.</param>
    /// <param name="length">‖w - w_0‖ at the end of a ray.</param>
    /// <param name="points">A, at equal distances.</param>
    /// <param name="stream">The directions.</param>
    public static RayErrors Random(SingleNeuron neuron, double[] origin, int rays, double length, int points, RandomStream stream)
    {
        using TensorScope scope = new();
        Tensor normal = RandomTensor.Normal(neuron.Device, [rays, origin.Length], DType.Float64, stream);
        double[][] directions = [.. (normal / normal.Norm(1, keep: true)).ToArray<double>().Chunk(origin.Length)];
        return Of(neuron, origin, [.. directions.Select(d => origin.Zip(d, (o, v) => o + length * v).ToArray())], points);
    }

    /// <summary>The rays from w_0 to the given points.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two points on a ray.</exception>
    public static RayErrors Of(SingleNeuron neuron, double[] origin, IReadOnlyList<double[]> ends, int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        double[] a = [.. Enumerable.Range(0, points).Select(i => i / (points - 1.0))];
        double[] errors = neuron.Errors([.. ends.SelectMany(end => a.Select(t => origin.Zip(end, (o, e) => o + t * (e - o)).ToArray()))]);
        return new RayErrors([.. errors.Chunk(points)]);
    }
}
