namespace CudaLandscape.Landscape.BadMinima;

/// <summary>E of a neuron with two weights on a grid: what a figure shows, and a count of minima that knows no theory.</summary>
/// <param name="First">w_1, rising; A of them.</param>
/// <param name="Second">w_2 (or the bias), rising; B of them.</param>
/// <param name="Errors">E[A,B].</param>
public sealed record ErrorSurface(double[] First, double[] Second, double[,] Errors)
{
    /// <summary>Computes E at every pair.</summary>
    /// <exception cref="ArgumentException">The neuron has not two weights.</exception>
    public static ErrorSurface Of(SingleNeuron neuron, double[] first, double[] second)
    {
        if (neuron.Dimension != 2) throw new ArgumentException($"ErrorSurface: expects a neuron of two weights, got {neuron.Dimension}.");
        double[] all = neuron.Errors([.. first.SelectMany(a => second.Select(b => (double[])[a, b]))]);
        double[,] errors = new double[first.Length, second.Length];
        Buffer.BlockCopy(all, 0, errors, 0, all.Length * sizeof(double));
        return new ErrorSurface(first, second, errors);
    }

    /// <summary>count numbers from low to high with equal ratios.</summary>
    public static double[] LogAxis(double low, double high, int count) =>
        [.. Enumerable.Range(0, count).Select(i => low * Math.Pow(high / low, i / (count - 1.0)))];

    /// <summary>Points inside the grid that are lower than all eight neighbours.</summary>
    public IReadOnlyList<(double First, double Second)> LocalMinima()
    {
        List<(double, double)> minima = [];
        for (int i = 1; i < First.Length - 1; i++)
        {
            for (int j = 1; j < Second.Length - 1; j++)
            {
                if (IsLowest(i, j)) minima.Add((First[i], Second[j]));
            }
        }

        return minima;
    }

    private bool IsLowest(int i, int j)
    {
        for (int di = -1; di <= 1; di++)
        {
            for (int dj = -1; dj <= 1; dj++)
            {
                if ((di, dj) != (0, 0) && !(Errors[i, j] < Errors[i + di, j + dj])) return false;
            }
        }

        return true;
    }
}
