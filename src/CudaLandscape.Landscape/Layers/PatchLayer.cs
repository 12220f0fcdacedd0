namespace CudaLandscape.Landscape.Layers;

/// <summary>
/// A convolutional layer by its patches (Nguyen and Hein, ICML'18, Definitions 2.1 to 2.3): P patches of l input neurons each and
/// T filters of length l. Neuron h = (p - 1) T + t (1-based) is filter t on patch p. Its full weight matrix U = M(W) makes the
/// layer an ordinary linear map, f ↦ Uᵀ f + b.
/// </summary>
/// <param name="Inputs">Number of input neurons, n_{k-1}.</param>
/// <param name="Patches">P index sets of equal length l, 0-based.</param>
public sealed record PatchLayer(int Inputs, int[][] Patches)
{
    /// <summary>The patches of a 1-D convolution: l neighbours, <paramref name="stride"/> apart.</summary>
    /// <exception cref="ArgumentException">The patch does not fit.</exception>
    public static PatchLayer Line(int inputs, int length, int stride = 1)
    {
        if (length < 1 || stride < 1 || length > inputs)
            throw new ArgumentException($"Patches of length {length} and stride {stride} do not fit {inputs} inputs.");
        int count = (inputs - length) / stride + 1;
        return new PatchLayer(inputs, [.. Enumerable.Range(0, count).Select(p => Enumerable.Range(p * stride, length).ToArray())]);
    }

    /// <summary>The patches of a 2-D convolution without padding over channels x height x width inputs, row by row.</summary>
    /// <exception cref="ArgumentException">The kernel does not fit.</exception>
    public static PatchLayer Image(int channels, int height, int width, int kernel, int stride = 1)
    {
        if (kernel < 1 || stride < 1 || kernel > height || kernel > width)
            throw new ArgumentException($"A kernel of {kernel} with stride {stride} does not fit {height} x {width} images.");
        List<int[]> patches = [];
        for (int h = 0; h + kernel <= height; h += stride)
        {
            for (int w = 0; w + kernel <= width; w += stride)
            {
                patches.Add([.. from c in Enumerable.Range(0, channels)
                                from r in Enumerable.Range(h, kernel)
                                from s in Enumerable.Range(w, kernel)
                                select (c * height + r) * width + s]);
            }
        }

        return new PatchLayer(channels * height * width, [.. patches]);
    }

    /// <summary>U[n_{k-1}, P T] of the filters W[T][l]: column h = p T + t holds filter t at the positions of patch p.</summary>
    /// <exception cref="ArgumentException">A filter's length is not the patches'.</exception>
    public double[,] FullWeights(double[][] filters)
    {
        double[,] u = new double[Inputs, Patches.Length * filters.Length];
        for (int p = 0; p < Patches.Length; p++)
        {
            for (int t = 0; t < filters.Length; t++) Place(u, p * filters.Length + t, Patches[p], filters[t]);
        }

        return u;
    }

    private static void Place(double[,] u, int column, int[] patch, double[] filter)
    {
        if (filter.Length != patch.Length)
            throw new ArgumentException($"A filter of length {filter.Length} does not fit a patch of {patch.Length}.");
        for (int i = 0; i < patch.Length; i++)
        {
            if (patch[i] < 0 || patch[i] >= u.GetLength(0))
                throw new ArgumentException($"A patch reads neuron {patch[i]}; the layer's inputs are 0 to {u.GetLength(0) - 1}.");
            u[patch[i], column] += filter[i];
        }
    }
}
