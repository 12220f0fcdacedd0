namespace CudaLandscape.Tensors.Linalg;

/// <summary>Full rank, shown by a lower bound of σ_min above the threshold from Gaussian probes of R⁻¹.</summary>
internal sealed class FullRank(RankProblem problem)
{
    /// <summary>
    /// The finding; null when the bound shows no full rank, or when bound, vector and value of the iteration for σ_min do not agree.
    /// </summary>
    public RankFinding? Find(BlockGolubKahan.Outcome largest, BlockGolubKahan.Outcome smallest)
    {
        (double sigmaMax, double sigmaMin) = (largest.Value, 1 / smallest.Value);
        (double eta, double threshold) = (problem.Eta(sigmaMax), problem.Threshold(sigmaMax));
        if (!smallest.Converged || sigmaMin <= 2 * (threshold + eta)) return null;
        problem.Tell("bounds");
        double bound = 1 / GaussianProbes.NormBound(problem.Inverse, problem.Stream(300)), low = RankAllowance.Below(bound, eta);
        SmallestVector witness = SmallestVector.Of(problem.R, smallest.Left);
        if (low <= threshold || bound < 0.5 * sigmaMin || bound > 1.001 * sigmaMin || witness.Norm > 1.001 * sigmaMin + eta) return null;
        double most = RankAllowance.Above(GaussianProbes.NormBound(problem.Forward, problem.Stream(310)), eta);
        SmallestRefinement.Outcome? refined = problem.Refine(witness);
        RankWindow window = new(problem.Size, problem.Size, problem.Size);
        SubspaceCount? count = low > 100 * threshold ? null : Count(largest);
        RankResult result = problem.Result(RankMethod.InverseGolubKahan, window, sigmaMax, sigmaMin) with
        {
            RankAtTenth = window, RankAtTen = low > 10 * threshold ? window : count?.At(10), RankAtHundred = low > 100 * threshold ? window : count?.At(100),
            LowerBound = low, UpperBound = RankAllowance.Above(witness.Norm, eta), Residual = witness.Residual, SigmaMaxBound = most,
            RefinedSigmaMin = refined?.Sigma, RefinedResidual = refined?.Residual, SigmaMaxSteps = largest.Steps, SigmaMinSteps = smallest.Steps,
        };
        return new RankFinding(result, witness.Vector);
    }

    // What is below ten and a hundred thresholds; null where that takes too many vectors.
    private SubspaceCount? Count(BlockGolubKahan.Outcome largest)
    {
        using TensorScope scope = new();
        problem.Tell("singular values below 100 thresholds");
        return new InverseSubspace(problem, problem.Threshold(largest.Value), problem.Stream(500), least: 10).Find() is { } found
            ? new SubspaceCount(problem, found, largest.Value) : null;
    }
}
