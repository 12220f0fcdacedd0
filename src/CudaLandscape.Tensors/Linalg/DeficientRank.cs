namespace CudaLandscape.Tensors.Linalg;

/// <summary>
/// A rank by counting the singular values below the threshold with <see cref="InverseSubspace"/>. That no more singular values are
/// above it is shown by ‖R V‖ of the counted vectors, that no fewer are by probes of R⁻¹ without the counted directions.
/// </summary>
internal sealed class DeficientRank(RankProblem problem)
{
    /// <summary>The finding; null when too many values would have to be counted, or the vectors do not show what was counted.</summary>
    public RankFinding? Find(BlockGolubKahan.Outcome largest)
    {
        using TensorScope scope = new();
        problem.Tell("singular values below the threshold");
        double threshold = problem.Threshold(largest.Value), reach = Math.Sqrt(threshold * threshold + problem.Delta * problem.Delta);
        return new InverseSubspace(problem, reach, problem.Stream(500)).Find() is { } found ? Judge(largest, found) : null;
    }

    /// <summary>The rank by what an iteration found, as far as its vectors bear that out.</summary>
    public RankFinding? Judge(BlockGolubKahan.Outcome largest, InverseSubspace.Outcome found)
    {
        problem.Tell("bounds");
        (double eta, double threshold) = (problem.Eta(largest.Value), problem.Threshold(largest.Value));
        SubspaceCount count = new(problem, found, largest.Value);
        double? norm = NormOn(found.Right, problem.Size - count.At(1)!.High);
        return norm is { } n && !(n <= threshold - eta) ? null : Finding(largest, found, count, norm);
    }

    private RankFinding Finding(BlockGolubKahan.Outcome largest, InverseSubspace.Outcome found, SubspaceCount count, double? norm)
    {
        (RankWindow window, double[] sigma) = (count.At(1)!, count.Sigma);
        RankResult result = problem.Result(RankMethod.InverseSubspace, window, largest.Value, sigma[0]);
        (double eta, double threshold) = (result.Eta, result.Threshold);
        SmallestVector witness = SmallestVector.Of(problem.R, found.Right.Slab(0, [problem.Size], "v").ToArray<double>());
        SmallestRefinement.Outcome? refined = problem.Refine(witness);
        double most = RankAllowance.Above(GaussianProbes.NormBound(problem.Forward, problem.Stream(310)), eta);
        int below = (int)(problem.Size - window.Rank);
        (long Rank, double Bound)? least = LowerBound(found.Left, count, threshold, eta);
        return new RankFinding(
            result with
            {
                RankAtTenth = count.At(0.1), RankAtTen = count.At(10), RankAtHundred = count.At(100), UpperBound = RankAllowance.Above(witness.Norm, eta),
                Residual = witness.Norm > eta ? witness.Residual : null, SigmaMaxBound = most, SigmaMaxSteps = largest.Steps, SigmaMinSteps = found.Steps,
                RefinedSigmaMin = refined?.Sigma, RefinedResidual = refined?.Residual, SubspaceSize = sigma.Length, SigmaOfRank = sigma[below], SigmaAfterRank = below > 0 ? sigma[below - 1] : null,
                NullSpaceNorm = norm is { } n ? RankAllowance.Above(n, eta) : null, LowerBoundOfRank = least?.Bound, BoundedRank = least?.Rank,
            }, witness.Vector, First(found.Right, problem.Size - window.High));
    }

    private static double[]? First(Tensor right, long count)
    {
        using TensorScope scope = new();
        return count == 0 || count * right.Shape[1] > RankFinding.MostNumbers ? null : right.Slab(0, [count, right.Shape[1]], "V").ToArray<double>();
    }

    // ‖R V‖₂ of the first vectors; null when there are none.
    private double? NormOn(Tensor right, long count)
    {
        if (count == 0) return null;
        using TensorScope scope = new();
        Tensor image = problem.Forward.Apply(right.Slab(0, [count, problem.Size], "V"));
        return problem.Undone(SquareFactorizations.Singular("rank", image, vectors: false).Values.ToArray<double>()[0]);
    }

    // A lower bound above the threshold, and of which singular value: of the RankLow-th, or where that is too close to the threshold
    // for any probe of one a little further off, by so many products that the bound is within 4 % of the value; else null.
    private (long Rank, double Bound)? LowerBound(Tensor left, SubspaceCount count, double threshold, double eta)
    {
        foreach ((double distance, int power) in (ReadOnlySpan<(double, int)>)[(1, 4), (1, 8), (1.06, 32)])
        {
            using TensorScope scope = new();
            long rank = count.Above(distance * (threshold + eta)), below = problem.Size - rank;
            ILinearOperator deflated = below == 0 ? problem.Inverse : new DeflatedOperator(problem.Inverse, left.Slab(0, [below, problem.Size], "U"));
            double low = RankAllowance.Below(problem.Undone(1 / GaussianProbes.NormBound(deflated, problem.Stream(320), power)), eta);
            if (rank > 0 && low > threshold) return (rank, low);
        }

        return null;
    }
}
