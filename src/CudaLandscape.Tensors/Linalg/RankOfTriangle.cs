namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// The way to the rank of R: all its singular values when it is small; else full rank by iterations and a probabilistic bound; else a
/// count of the singular values below the threshold; else, when these are many, all singular values again.
/// </summary>
/// <param name="problem">R.</param>
/// <param name="smallSize">Largest size at which all singular values are computed at once.</param>
internal sealed class RankOfTriangle(RankProblem problem, long smallSize = RankOfTriangle.SmallSize)
{
    public const long SmallSize = 2000;

    /// <summary>Finds it; R is destroyed.</summary>
    public RankFinding Find()
    {
        AllSingularValues all = new(problem);
        if (problem.Size <= smallSize) return all.Find();
        problem.Tell("largest singular value");
        BlockGolubKahan.Outcome largest = BlockGolubKahan.Largest(problem.Forward, problem.Vectors, 1e-10, problem.Stream(100));
        if (!largest.Converged) return all.Find();
        bool singular = problem.Diagonal.Min(Math.Abs) < 1e-3 * RankAllowance.Epsilon * largest.Value;
        BlockGolubKahan.Outcome? smallest = singular ? null : Smallest();
        singular |= !(1 / smallest?.Value >= 0.02 * RankAllowance.Epsilon * largest.Value);
        return (singular ? null : new FullRank(problem).Find(largest, smallest!.Value)) ?? Deficient(largest, singular) ?? all.Find();
    }

    private RankFinding? Deficient(BlockGolubKahan.Outcome largest, bool singular)
    {
        if (singular && !problem.TryRegularize(largest.Value)) return null;
        try
        {
            return new DeficientRank(problem).Find(largest);
        }
        catch (ArithmeticException)
        {
            return null; // R⁻¹ overflows all the same: the singular values decide
        }
    }

    private BlockGolubKahan.Outcome? Smallest()
    {
        problem.Tell("smallest singular value");
        try
        {
            return BlockGolubKahan.Largest(problem.Inverse, problem.Vectors, 1e-8, problem.Stream(200));
        }
        catch (ArithmeticException)
        {
            return null; // R is singular to working precision
        }
    }
}
