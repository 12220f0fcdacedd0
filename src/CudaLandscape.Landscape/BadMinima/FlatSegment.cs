using CudaLandscape.Landscape.Expressivity;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.BadMinima;

/// <summary>
/// Bad minima of wide networks whose activation is constant on an interval: σ(t) = 1 for |t| ≤ 1, and beyond it grows. Where all
/// inputs of σ lie inside, the output does not depend on x near by, so the best constant, the mean of y, is a local minimum
/// whatever the width. It is not strict, as Li, Ding and Sun (2018) prove for every continuous σ and wide networks (against Yu and
/// Chen, IEEE Trans. Neural Netw. 6, 1995, who meant to have shown that there are none): a path that never rises leads out to 0.
/// </summary>
public static class FlatSegment
{
    /// <summary>σ(t) = 1 + max(t - 1, 0)² - max(-t - 1, 0)².</summary>
    public static Tensor Activation(Tensor t)
    {
        using TensorScope scope = new();
        return scope.Return((t.Scale(1, -1).Relu().Square() - t.Scale(-1, -1).Relu().Square()).Scale(1, 1));
    }

    /// <summary>A bad minimum: random W and B with all |⟨W_j, x_i⟩ + B_j| ≤ ½, random V, and C such that the output is the mean of y.</summary>
    public static ShallowPoint Minimum(ShallowNetwork network, RandomStream stream)
    {
        (int h, int d) = (network.Width, network.Inputs[0].Length);
        double[] draws = Normal(network.Device, h * d + 2 * h, stream);
        ShallowPoint raw = new([.. draws.Take(h * d).Chunk(d)], draws[(h * d)..(h * d + h)], draws[(h * d + h)..], 0);
        double shrink = 0.5 / raw.Preactivations(network.Inputs).Max(row => row.Max(Math.Abs));
        return new ShallowPoint(
            [.. raw.W.Select(row => Array.ConvertAll(row, w => shrink * w))], Array.ConvertAll(raw.B, b => shrink * b), raw.V,
            network.Targets.Average() - raw.V.Sum());
    }

    /// <summary>
    /// Corners of a path from a bad minimum to a global one, along which the loss never rises: V goes to 0 and C to the mean, which
    /// leaves the output; W and B go anywhere, as V is 0; then V goes straight to a solution of the linear system F V = y - C,
    /// along which the loss is convex with its minimum, 0, at the end.
    /// </summary>
    /// <exception cref="ArithmeticException">The features at the new W have a rank below N; take other random numbers or more units.</exception>
    public static IReadOnlyList<ShallowPoint> PathOut(ShallowNetwork network, ShallowPoint minimum, RandomStream stream)
    {
        using TensorScope scope = new();
        (int h, int d) = (network.Width, network.Inputs[0].Length);
        double[] draws = Array.ConvertAll(Normal(network.Device, h * (d + 1), stream), v => 2 * v);
        ShallowPoint constant = minimum with { V = new double[h], C = network.Targets.Average() };
        ShallowPoint wide = constant with { W = [.. draws.Take(h * d).Chunk(d)], B = draws[(h * d)..] };
        double[] rest = [.. network.Targets.Select(y => y - wide.C)];
        Tensor v = MinimumNormFit.Solve(network.Features(wide), Tensor.From<double>(network.Device, [rest.Length, 1], rest));
        return [minimum, constant, wide, wide with { V = v.ToArray<double>() }];
    }

    private static double[] Normal(Device device, int count, RandomStream stream)
    {
        using TensorScope scope = new();
        return RandomTensor.Normal(device, [count], DType.Float64, stream).ToArray<double>();
    }
}
