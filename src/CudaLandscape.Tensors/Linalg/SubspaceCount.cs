namespace CudaLandscape.Tensors.Linalg;

/// <summary>Ranks at thresholds around the one of the problem, by the singular values that an <see cref="InverseSubspace"/> holds.</summary>
/// <param name="problem">R.</param>
/// <param name="found">What the iteration found.</param>
/// <param name="sigmaMax">The largest singular value.</param>
internal sealed class SubspaceCount(RankProblem problem, InverseSubspace.Outcome found, double sigmaMax)
{
    private readonly double _threshold = problem.Threshold(sigmaMax), _eta = problem.Eta(sigmaMax);

    /// <summary>The values of R, the smallest first; of a regularised R those of R itself.</summary>
    public double[] Sigma { get; } = Array.ConvertAll(found.Sigma, problem.Undone);

    /// <summary>
    /// The rank at a multiple of the threshold, with η to both sides, and above the threshold also what a value that counts as settled
    /// may still be away from its end; null beyond what the iteration knows.
    /// </summary>
    public RankWindow? At(double multiple)
    {
        double limit = multiple * _threshold, margin = multiple > 1 ? _eta + InverseSubspace.Settled * limit : _eta;
        return multiple > found.Multiple ? null : new RankWindow(Above(limit), Above(limit + margin), Above(limit - margin));
    }

    /// <summary>Number of singular values above a limit, by those below it: what the iteration does not hold is larger.</summary>
    public long Above(double limit) => problem.Size - Sigma.LongCount(s => s <= limit);
}
