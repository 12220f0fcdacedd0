namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// σ_min from F itself instead of R, which has QR's rounding of a few ε σ_max in it: σ = uᵀFv with u = Fv / ‖Fv‖, and the residual
/// ‖R⁻ᵀ(FᵀFv - σ²v)‖. With F for R the latter bounds |σ²/σ_i² - 1| σ for some σ_i of F (the residual of σ⁻² and Fv as an eigenpair
/// of (FFᵀ)⁻¹). Products with F are made with twice the digits from rows that come again block by block, and v, a sum of two
/// vectors, has them as well. A v from R is corrected by inverse iteration with the exact residual, v ← v - (RᵀR)⁻¹(FᵀFv - σ²v), as long
/// as that helps: R's error then counts in higher orders only (corrected seminormal equations: Björck, Linear Algebra Appl. 1987).
/// </summary>
/// <param name="inverse">R⁻¹ for F / 2^exponent or its transpose, whichever is tall.</param>
/// <param name="rows">Rows of F.</param>
/// <param name="columns">Columns of F.</param>
/// <param name="exponent">See <paramref name="inverse"/>.</param>
/// <param name="blocks">Rows of F in order, Float64 [b, columns], each block used before the next is asked for.</param>
internal sealed class SmallestRefinement(ILinearOperator inverse, long rows, long columns, int exponent, Func<IEnumerable<Tensor>> blocks)
{
    private const int MostCorrections = 3;

    /// <summary>What was found, of F / 2^exponent.</summary>
    /// <param name="Sigma">uᵀFv = ‖Fv‖ for a unit vector v, no less than σ_min.</param>
    /// <param name="Residual">‖R⁻ᵀ(FᵀFv - σ²v)‖.</param>
    public readonly record struct Outcome(double Sigma, double Residual);

    // A vector of twice the digits, not quite a unit vector, and (RᵀR)⁻¹ (FᵀFv - σ²v).
    private readonly record struct Measured(double[] High, double[] Low, Outcome Outcome, double[] Change);

    /// <summary>The best that corrections make of a unit vector; null where a product is not finite.</summary>
    public Outcome? Of(double[] v)
    {
        Measured best = Measure(v, new double[v.Length]);
        for (int i = 0; i < MostCorrections && best.Outcome.Residual > 0; i++)
        {
            Measured next = Corrected(best);
            if (!(next.Outcome.Residual < 0.5 * best.Outcome.Residual)) break;
            best = next;
        }

        return double.IsFinite(best.Outcome.Residual) ? best.Outcome : null;
    }

    private Measured Corrected(Measured from)
    {
        double[] high = new double[from.High.Length], low = new double[high.Length];
        for (int i = 0; i < high.Length; i++)
        {
            double change = from.Low[i] - from.Change[i], sum = from.High[i] + change, part = sum - from.High[i];
            (high[i], low[i]) = (sum, from.High[i] - (sum - part) + (change - part));
        }

        return Measure(high, low);
    }

    private Measured Measure(double[] high, double[] low)
    {
        double[] product = rows > columns ? ForthAndBack(high, low) : Forth(Scaled(Back(high, low)));
        double square = CompensatedDot.Of(product, high, low) / CompensatedDot.Of(high, high, low);
        double[] gradient = Vectors.Combine(product, -square, high);
        using TensorScope scope = new();
        Tensor half = inverse.ApplyTransposed(Tensor.From<double>(inverse.Device, [1, high.Length], gradient, "FᵀFv - σ²v"));
        double residual = square == 0 ? 0 : Vectors.Norm(half.ToArray<double>()) / Vectors.Norm(high);
        return new Measured(high, low, new Outcome(Math.Sqrt(Math.Max(0, square)), residual), inverse.Apply(half).ToArray<double>());
    }

    // FᵀF v in one pass over the rows.
    private double[] ForthAndBack(double[] high, double[] low)
    {
        CompensatedSums sums = new((int)columns);
        foreach (double[] block in Blocks()) sums.Add(block, Scaled(Times(block, high, low)), default);
        return Scaled(sums.Values());
    }

    // Fᵀ v.
    private double[] Back(double[] high, double[] low)
    {
        CompensatedSums sums = new((int)columns);
        int first = 0;
        foreach (double[] block in Blocks())
        {
            int count = block.Length / (int)columns;
            sums.Add(block, high.AsMemory(first, count), low.AsMemory(first, count));
            first += count;
        }

        return sums.Values();
    }

    // F y.
    private double[] Forth(double[] y) => Scaled([.. Blocks().SelectMany(block => Times(block, y, []))]);

    private double[] Times(double[] block, double[] high, double[] low)
    {
        int n = (int)columns;
        double[] image = new double[block.Length / n];
        Parallel.For(0, image.Length, r => image[r] = CompensatedDot.Of(block.AsSpan(r * n, n), high, low));
        return image;
    }

    private double[] Scaled(double[] x) => exponent == 0 ? x : Array.ConvertAll(x, value => Math.ScaleB(value, -exponent));

    private IEnumerable<double[]> Blocks()
    {
        double[] buffer = [];
        foreach (Tensor block in blocks())
        {
            if (buffer.Length != block.ElementCount) buffer = new double[block.ElementCount];
            block.CopyTo<double>(buffer);
            yield return buffer;
        }
    }
}
