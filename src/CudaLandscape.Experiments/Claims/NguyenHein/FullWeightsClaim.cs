using CudaLandscape.Landscape.Layers;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>A convolution is the linear map of its full weight matrix, for any patches.</summary>
internal sealed class FullWeightsClaim : IClaim
{
    public int Item => 1;

    public string Name => "full-weights";

    public string Statement => "a convolutional layer is f ↦ Uᵀ f + b with U = M(W)";

    public string Source => "Nguyen and Hein, ICML'18, Definitions 2.1 to 2.3";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [new("draws", "random patch sets", 50, 10, 10_000)];

    public ClaimResult Run(ClaimContext context)
    {
        Random random = new((int)context.Seed);
        double largest = Enumerable.Range(0, context.Size("draws")).Max(_ => Deviation(context.Device, random));
        return new ClaimResult(
            Check.AtMost("largest |patch convolution - Uᵀ f - b| over random patch sets", largest, 1e-14),
            Check.Equal("entries that differ from the printed 6 x 5 example", PrintedExample(), 0));
    }

    // Two filters of length 3 on five inputs: rows abc00, def00, 0abc0, 0def0, 00abc, 00def.
    private static int PrintedExample()
    {
        double[][] filters = [[1, 2, 3], [4, 5, 6]];
        double[,] u = PatchLayer.Line(5, 3).FullWeights(filters);
        string[] printed = ["12300", "45600", "01230", "04560", "00123", "00456"];
        return (from h in Enumerable.Range(0, 6) from i in Enumerable.Range(0, 5) where u[i, h] != printed[h][i] - '0' select h).Count();
    }

    private static double Deviation(Device device, Random random)
    {
        using TensorScope scope = new();
        (int inputs, int length, int filters) = (random.Next(3, 20), random.Next(1, 6), random.Next(1, 5));
        int[][] patches = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Draw(length, () => random.Next(inputs)))];
        double[][] w = [.. Enumerable.Range(0, filters).Select(_ => Draw(length, random.NextDouble))];
        double[] f = Draw(inputs, random.NextDouble), b = Draw(patches.Length * filters, random.NextDouble);
        double[,] u = new PatchLayer(inputs, patches).FullWeights(w);
        double[] y = Tensor.From<double>(device, [1, inputs], f).PatchConvolution(
            Tensor.From<int>(device, [patches.Length, length], patches.SelectMany(p => p).ToArray()),
            Tensor.From<double>(device, [filters, length], w.SelectMany(r => r).ToArray()),
            Tensor.From<double>(device, [b.Length], b)).ToArray<double>();
        return Enumerable.Range(0, b.Length).Max(h => Math.Abs(y[h] - b[h] - Enumerable.Range(0, inputs).Sum(i => u[i, h] * f[i])));
    }

    private static T[] Draw<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}
