namespace CudaLandscape.Landscape.DeepLinear;

/// <summary>
/// The output of a fully connected ReLU network without biases as a sum over all paths from inputs to an output (Choromanska et
/// al., AISTATS'15, as in Zhang's note, eq. 5): Ŷ_j = q Σ_paths X_path Z_path Π_k w_path^(k), where Z is 1 when every hidden
/// neuron of the path is active. There are d_0 d_1 … d_H paths to an output, so this is for small networks.
/// </summary>
/// <param name="Weights">W₁ … W_{H+1}; W_k[out,in].</param>
/// <param name="Q">The normalisation q.</param>
public sealed record PathSum(IReadOnlyList<double[,]> Weights, double Q = 1)
{
    /// <summary>d_0 d_1 … d_H, the paths to one output.</summary>
    public long PathCount => Weights.Aggregate(1L, (count, w) => checked(count * w.GetLength(1)));

    /// <summary>Ŷ of one sample, with Z taken from the forward pass of the ReLU network.</summary>
    public double[] Relu(double[] x)
    {
        bool[][] active = Activities(x);
        return Sum(x, path => Enumerable.Range(0, active.Length).All(layer => active[layer][path[layer + 1]]) ? 1 : 0);
    }

    /// <summary>Ŷ of one sample for any Z, which is asked once for each path: its neurons from the input to the output.</summary>
    public double[] Sum(double[] x, Func<int[], double> z)
    {
        double[] y = new double[Weights[^1].GetLength(0)];
        int[] path = new int[Weights.Count + 1];
        for (int output = 0; output < y.Length; output++)
        {
            path[^1] = output;
            y[output] = Q * Below(x, z, path, Weights.Count, 1);
        }

        return y;
    }

    // Sum over the paths that reach neuron path[layer] from below, times the weights above it.
    private double Below(double[] x, Func<int[], double> z, int[] path, int layer, double weight)
    {
        if (layer == 0) return x[path[0]] * weight * z(path);
        double[,] w = Weights[layer - 1];
        double sum = 0;
        for (int from = 0; from < w.GetLength(1); from++)
        {
            path[layer - 1] = from;
            sum += Below(x, z, path, layer - 1, weight * w[path[layer], from]);
        }

        return sum;
    }

    private bool[][] Activities(double[] x)
    {
        bool[][] active = new bool[Weights.Count - 1][];
        for (int k = 0; k < active.Length; k++)
        {
            double[] before = Times(Weights[k], x);
            active[k] = Array.ConvertAll(before, value => value > 0);
            x = Array.ConvertAll(before, value => Math.Max(value, 0));
        }

        return active;
    }

    private static double[] Times(double[,] w, double[] x)
    {
        double[] y = new double[w.GetLength(0)];
        for (int r = 0; r < y.Length; r++)
        {
            for (int c = 0; c < x.Length; c++) y[r] += w[r, c] * x[c];
        }

        return y;
    }
}
