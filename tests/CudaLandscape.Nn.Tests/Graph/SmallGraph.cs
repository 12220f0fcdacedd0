using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Graph;

/// <summary>
/// input [2,4,4] → shared convolution → softplus → the same convolution → sum with the first's output → concatenation with the
/// input → max-pool → flatten → linear [3]; and the same in plain loops.
/// </summary>
internal static class SmallGraph
{
    public static GraphModel Build()
    {
        GraphBuilder g = new([2, 4, 4]);
        Conv2d shared = new(g.Input.Shape, filters: 2, kernel: 3, pad: 1);
        Node a = g.Add("conv", shared, g.Input);
        Node b = g.Add("again", shared, g.Add("softplus", Activation.Softplus(2), a));
        Node sum = g.Add("sum", new AddJoin(), a, b);
        Node both = g.Add("both", new ConcatJoin(), sum, g.Input);
        Node rows = g.Add("rows", new Flatten(), g.Add("pool", new MaxPool2d(2), both));
        return g.Build(g.Add("classifier", new Linear(16, 3), rows));
    }

    /// <summary>The output [N,3] for parameters conv.weight, conv.bias, classifier.weight, classifier.bias.</summary>
    public static HostArray Loop(HostArray x, HostArray[] p)
    {
        HostArray a = Convolve(x, p[0], p[1]);
        HostArray b = Convolve(Loops.Map(a, v => Math.Log(1 + Math.Exp(2 * v)) / 2), p[0], p[1]);
        HostArray y = HostArray.Zeros([x.Shape[0], 3]);
        for (int n = 0; n < x.Shape[0]; n++)
        {
            for (int o = 0; o < 3; o++)
            {
                y[n, o] = p[3].Values[o];
                for (int i = 0; i < 16; i++) y[n, o] += p[2][o, i] * Pooled(n, i / 4, i / 2 % 2, i % 2);
            }
        }

        return y;

        double Pooled(int n, int c, int row, int column)
        {
            double most = double.NegativeInfinity;
            for (int i = 0; i < 4; i++)
            {
                (long h, long w) = (2 * row + i / 2, 2 * column + i % 2);
                most = Math.Max(most, c < 2 ? a[n, c, h, w] + b[n, c, h, w] : x[n, c - 2, h, w]);
            }

            return most;
        }
    }

    /// <summary>Σ y · weights for outputs of the small graph.</summary>
    public static double Project(double[] y) => y.Select((v, i) => v * (0.3 + 0.1 * i)).Sum();

    public static HostArray[] Host(Module model) => [.. model.Parameters.Select(p => new HostArray(p.Shape, p.Value.ToArray<double>()))];

    public static ParameterSlab Draw(Module model, string device = "primary") =>
        ParameterSlab.Initialize(model, TestDevices.Get(device), DType.Float64, Initializer.Parse("normal=0.5"), 7);

    private static HostArray Convolve(HostArray x, HostArray w, HostArray b)
    {
        HostArray y = Loops.Conv2d(x, w, 1, 1);
        for (int i = 0; i < y.Values.Length; i++) y.Values[i] += b.Values[i / 16 % 2];
        return y;
    }
}
