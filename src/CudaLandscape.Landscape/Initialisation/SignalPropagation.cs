using CudaLandscape.Nn.Initializers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Initialisation;

/// <summary>
/// How the length of a signal changes through linear layers z^l = W_l z^{l-1} as they are initialised: ‖z^l‖² / ‖x‖² at each depth
/// l, over the n_0 unit vectors as x and over draws of the weights; each draw's mean over x is ‖W_l … W_1‖²_F / n_0. In expectation a
/// layer multiplies it by the sum of the variances in a column of W_l, which is 1 for N(0, 1/n_l) and n_l / n_{l-1} for N(0, 1/n_{l-1}),
/// and by 1 + that for identity + noise: (1 + 1/L)^L at depth L when the noise has the variance 1/(n L), 2^L when it has 1/n.
/// </summary>
/// <param name="Mean">Mean over x and draws at depth 0 to L; 1 at depth 0.</param>
/// <param name="StandardError">Standard error of the mean over draws; NaN with one draw.</param>
/// <param name="Smallest">Smallest over x and draws.</param>
/// <param name="Largest">Largest over x and draws.</param>
public sealed record SignalPropagation(double[] Mean, double[] StandardError, double[] Smallest, double[] Largest)
{
    /// <summary>L.</summary>
    public int Depth => Mean.Length - 1;

    /// <summary>Draws networks and measures them.</summary>
    /// <param name="device">Where it is computed, in Float64.</param>
    /// <param name="initializer">How each W_l[n_l,n_{l-1}] is drawn.</param>
    /// <param name="widths">n_0, …, n_L.</param>
    /// <param name="draws">Networks, 1 or more.</param>
    /// <param name="stream">Layer l of draw i draws from stream + i L + l.</param>
    /// <param name="cancellation">Checked before every network.</param>
    /// <exception cref="ArgumentException">Fewer than two widths, a width or draws below 1, or widths the initializer refuses.</exception>
    /// <exception cref="ArithmeticException">A length is not finite; the message names the layer.</exception>
    public static SignalPropagation Measure(
        Device device, Initializer initializer, IReadOnlyList<long> widths, int draws, RandomStream stream, CancellationToken cancellation = default)
    {
        if (widths.Count < 2 || widths.Any(n => n < 1) || draws < 1)
            throw new ArgumentException(
                $"SignalPropagation: expects two or more widths and at least 1 draw, all 1 or more; got widths {string.Join(", ", widths)} and {draws} draws.");
        double[][][] squares = new double[draws][][];
        for (int i = 0; i < draws; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            squares[i] = OneDraw(device, initializer, widths, stream with { Stream = stream.Stream + (ulong)(i * (widths.Count - 1)) });
        }

        return Summarise(squares, widths.Count);
    }

    // ‖z^l‖² for the unit vectors, by depth.
    private static double[][] OneDraw(Device device, Initializer initializer, IReadOnlyList<long> widths, RandomStream stream)
    {
        using NoGradient noGradient = new();
        using TensorScope scope = new();
        double[][] squares = new double[widths.Count][];
        squares[0] = [.. Enumerable.Repeat(1.0, (int)widths[0])];
        Tensor? product = null;
        for (int l = 1; l < widths.Count; l++)
        {
            using TensorScope layer = new();
            RandomStream own = stream with { Stream = stream.Stream + (ulong)l };
            Tensor w = initializer.Weights(device, [widths[l], widths[l - 1]], DType.Float64, own, widths[l - 1], widths[l]);
            Tensor next = product is null ? w : w.MatMul(product);
            squares[l] = next.Square().Sum(0).ToArray<double>();
            if (!Array.TrueForAll(squares[l], double.IsFinite))
                throw new ArithmeticException($"SignalPropagation: the length of a signal is not finite after layer {l} of {widths.Count - 1}.");
            product?.Dispose();
            product = layer.Return(next);
        }

        return squares;
    }

    private static SignalPropagation Summarise(double[][][] squares, int depths)
    {
        double[] Each(Func<double[][], double> f) => [.. Enumerable.Range(0, depths).Select(l => f([.. squares.Select(draw => draw[l])]))];
        return new SignalPropagation(
            Each(rows => rows.Average(r => r.Average())), Each(rows => StandardErrorOf([.. rows.Select(r => r.Average())])),
            Each(rows => rows.Min(r => r.Min())), Each(rows => rows.Max(r => r.Max())));
    }

    private static double StandardErrorOf(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1.0) / values.Length);
    }
}
