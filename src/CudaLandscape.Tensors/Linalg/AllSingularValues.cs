namespace CudaLandscape.Tensors.Linalg;

/// <summary>The rank by all singular values of R.</summary>
internal sealed class AllSingularValues(RankProblem problem)
{
    /// <summary>Finds it; R is destroyed.</summary>
    public RankFinding Find()
    {
        using TensorScope scope = new();
        SmallestVector? witness = SmallestVector.Find(problem.R, problem.Diagonal, problem.Vectors, problem.Stream(200));
        SmallestRefinement.Outcome? refined = problem.Refine(witness);
        problem.Tell("all singular values of R");
        double[] sigma = Array.ConvertAll(Factorizations.SingularValues(problem.R), problem.Undone);
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
