namespace CudaLandscape.Nn.Tests.Training;

/// <summary>
/// <see cref="Tiny"/> in plain double loops: outputs, squared loss and its gradient, from the parameters fc1.weight, fc1.bias,
/// fc2.weight, fc2.bias and the pixels of all samples.
/// </summary>
internal sealed class TinyLoops(double[][] parameters, double[] pixels, byte[] labels)
{
    private const int Inputs = Tiny.Side * Tiny.Side;

    public double[][] Outputs() => [.. Enumerable.Range(0, labels.Length).Select(n => Forward(n).Output)];

    /// <summary>Σ (output - one-hot)² over all samples.</summary>
    public double SquaredSum() => Enumerable.Range(0, labels.Length).Sum(n => Difference(n).Sum(d => d * d));

    /// <summary>Gradient of <see cref="SquaredSum"/>, by the chain rule.</summary>
    public double[][] Gradient()
    {
        double[][] g = Array.ConvertAll(parameters, p => new double[p.Length]);
        for (int n = 0; n < labels.Length; n++) AddGradient(g, n);
        return g;
    }

    private void AddGradient(double[][] g, int n)
    {
        double[] hidden = Forward(n).Hidden, dOutput = Array.ConvertAll(Difference(n), d => 2 * d);
        double[] dHidden = new double[Tiny.Hidden];
        for (int c = 0; c < Tiny.Classes; c++)
        {
            g[3][c] += dOutput[c];
            for (int h = 0; h < Tiny.Hidden; h++)
            {
                g[2][c * Tiny.Hidden + h] += dOutput[c] * hidden[h];
                dHidden[h] += dOutput[c] * parameters[2][c * Tiny.Hidden + h];
            }
        }

        for (int h = 0; h < Tiny.Hidden; h++)
        {
            double dz = dHidden[h] * hidden[h] * (1 - hidden[h]);
            g[1][h] += dz;
            for (int i = 0; i < Inputs; i++) g[0][h * Inputs + i] += dz * pixels[n * Inputs + i];
        }
    }

    private double[] Difference(int n)
    {
        double[] d = Forward(n).Output;
        d[labels[n]] -= 1;
        return d;
    }

    private (double[] Hidden, double[] Output) Forward(int n)
    {
        double[] x = pixels[(n * Inputs)..((n + 1) * Inputs)];
        double[] hidden = Array.ConvertAll(Affine(parameters[0], parameters[1], x), z => 1 / (1 + Math.Exp(-z)));
        return (hidden, Affine(parameters[2], parameters[3], hidden));
    }

    private static double[] Affine(double[] w, double[] b, double[] x)
    {
        double[] y = (double[])b.Clone();
        for (int o = 0; o < y.Length; o++)
        {
            for (int i = 0; i < x.Length; i++) y[o] += w[o * x.Length + i] * x[i];
        }

        return y;
    }
}
