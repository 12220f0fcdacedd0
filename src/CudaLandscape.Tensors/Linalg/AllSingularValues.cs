namespace CudaLandscape.Tensors.Linalg;

/// <summary>The rank by all singular values of R.</summary>
internal sealed class AllSingularValues(RankProblem problem)
{
    // Rounding of n values leaves n ε.
    private const double Allowed = 1e-8;

    /// <summary>
    /// Singular values whose squares add up to those of the matrix' entries, as they must. cuSOLVER has given wrong ones of matrices with
    /// more than 18918 columns without a word (github.com/cupy/cupy/issues/7611).
    /// </summary>
    /// <param name="sigma">The values.</param>
    /// <param name="norm">The Frobenius norm of the matrix.</param>
    /// <exception cref="ArithmeticException">They do not.</exception>
    public static double[] Require(double[] sigma, double norm)
    {
        double found = Vectors.Norm(sigma);
        return Math.Abs(found - norm) <= Allowed * norm
            ? sigma
            : throw new ArithmeticException(
                $"rank: Xgesvd's {sigma.Length} singular values are wrong: the root of the sum of their squares is {found:R}, expected the matrix' norm {norm:R}. "
                + "Report it with `doctor`'s output; other libraries may do better.");
    }

    /// <summary>Finds it; R is destroyed.</summary>
    /// <exception cref="ArithmeticException">The library's singular values are wrong.</exception>
    public RankFinding Find()
    {
        using TensorScope scope = new();
        SmallestVector? witness = SmallestVector.Find(problem.R, problem.Diagonal, problem.Vectors, problem.Stream(200));
        SmallestRefinement.Outcome? refined = problem.Refine(witness);
        problem.Tell("all singular values of R");
        double norm = Factorizations.FrobeniusNorm(problem.R);
        double[] sigma = Array.ConvertAll(Require(Factorizations.SingularValues(problem.R), norm), problem.Undone);
        (double eta, double threshold) = (problem.Eta(sigma[0]), problem.Threshold(sigma[0]));
        RankWindow window = RankWindow.Of(sigma, threshold, eta);
        RankResult result = problem.Result(RankMethod.SingularValuesOfR, window, sigma[0], sigma[^1]) with
        {
            RankAtTenth = RankWindow.Of(sigma, 0.1 * threshold, eta), RankAtTen = RankWindow.Of(sigma, 10 * threshold, eta),
            RankAtHundred = RankWindow.Of(sigma, 100 * threshold, eta),
            UpperBound = witness is null ? null : RankAllowance.Above(witness.Norm, eta), Residual = witness?.Norm > eta ? witness.Residual : null,
            RefinedSigmaMin = refined?.Sigma, RefinedResidual = refined?.Residual,
            SigmaOfRank = window.Rank > 0 ? sigma[window.Rank - 1] : null, SigmaAfterRank = window.Rank < sigma.Length ? sigma[window.Rank] : null,
        };
        return new RankFinding(result, witness?.Vector);
    }
}
