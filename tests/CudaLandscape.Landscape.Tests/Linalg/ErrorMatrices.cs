using CudaLandscape.Landscape.Rank;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Nn.Training;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.Linalg;

/// <summary>
/// The matrices that the errors of ranks are measured on, in the layout of <see cref="Tensors.Linalg.ShortSideFirst"/>, with their
/// singular values where these are known exactly.
/// </summary>
internal static class ErrorMatrices
{
    /// <summary>One of the families below, of rows x columns, rows ≥ columns.</summary>
    public static (Tensor F, double[]? Sigma) Of(string family, int rows, int columns, int seed) => family switch
    {
        "Gauss" => (RandomTensor.Normal(TestDevices.Primary, [columns, rows], DType.Float64, new RandomStream((ulong)seed, 9)), null),
        "geometric" => (Columns(Matrices.Reflected(rows, Matrices.Geometric(1, 1e-16, columns), seed)), null),
        "features" => (Features(rows, columns), null),
        "Hadamard" => Hadamard(rows, Powers(columns), seed),
        "deficient" => Hadamard(rows, [.. Powers(columns - columns / 4), .. new double[columns / 4]], seed),
        _ => throw new ArgumentException($"There is no family '{family}'."),
    };

    /// <summary>
    /// H_m [D H_n; 0] with Hadamard matrices H of ±1, rows and columns of random sign, and integers d_i: its singular values are d_i √(mn)
    /// exactly, and no entry is rounded. Sizes are powers of two.
    /// </summary>
    public static (Tensor F, double[] Sigma) Hadamard(int rows, double[] d, int seed)
    {
        System.Random random = new(seed);
        int columns = d.Length;
        double[] f = new double[(long)rows * columns], rowSigns = [.. Enumerable.Range(0, rows).Select(_ => Sign(random))];
        for (int c = 0; c < columns; c++)
        {
            Span<double> column = f.AsSpan(c * rows, rows);
            double sign = Sign(random);
            for (int i = 0; i < columns; i++) column[i] = sign * d[i] * (int.PopCount(i & c) % 2 == 0 ? 1 : -1);
            MultiplyByHadamard(column);
            for (int r = 0; r < rows; r++) column[r] *= rowSigns[r];
        }

        double scale = Math.Sqrt((double)rows * columns);
        return (Tensor.From<double>(TestDevices.Primary, [columns, rows], f, "F"), Array.ConvertAll(d, value => value * scale));
    }

    // From 2²⁰ down to 1.
    private static double[] Powers(int count) => [.. Enumerable.Range(0, count).Select(i => Math.Round(Math.Pow(2, 20.0 * (count - 1 - i) / (count - 1))))];

    private static Tensor Columns(HostArray f) => Tensors.Linalg.ShortSideFirst.Of(f.ToTensor(TestDevices.Primary, DType.Float64));

    // Sigmoid features of a random 3x3 convolution of drawn digits with noise of 1e-5; 676 to a filter, the last filter cut.
    private static Tensor Features(int rows, int columns)
    {
        int filters = (columns + 675) / 676;
        Conv2d conv = new("conv", [1, 28, 28], filters, 3);
        using ParameterSlab slab = ParameterSlab.Initialize(conv, TestDevices.Primary, DType.Float64, Initializer.Parse("normal=0.33"), 1);
        using DeviceSamples samples = DeviceSamples.Upload(TestDevices.Primary, ProceduralDigits.Generate(rows, 1), 1e-5, new RandomStream(1, 1UL << 50));
        using TensorScope scope = new();
        Tensor whole = FeatureMatrix.Build(samples, 676 * filters, x => conv.Forward(x).Sigmoid().Reshape([x.Shape[0], 676 * filters]), DType.Float64);
        Tensor byColumns = rows > 676 * filters ? whole : whole.Transpose();
        return scope.Return(byColumns.Slice(0, 0, columns));
    }

    private static void MultiplyByHadamard(Span<double> x)
    {
        for (int half = 1; half < x.Length; half *= 2)
        {
            for (int i = 0; i < x.Length; i++)
            {
                if ((i & half) != 0) continue;
                (x[i], x[i + half]) = (x[i] + x[i + half], x[i] - x[i + half]);
            }
        }
    }

    private static double Sign(System.Random random) => random.Next(2) == 0 ? 1 : -1;
}
