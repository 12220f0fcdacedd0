using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit.Table;

/// <summary>Sums, means, maxima and what only moves or views elements.</summary>
internal static class ReductionRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. SumTo([2, 3, 4], [4], [3, 1], [], [2, 1, 4], [2, 3, 4]),
        .. SumTo([5000], [], [1]),
        .. SumTo([3, 4100], [3, 1], [4100]),
        .. SumTo([600, 3], [3], [600, 1]),
        .. SumTo([0, 3], [3], [0, 1], []),
        .. SumTo([2, 3, 5, 4], [3, 1, 1], [2, 1, 5, 1], [1, 3, 1, 4]),
        // Of both signs; every partial sum is exact.
        new("sum_to", "cancelling", [new HostArray([4], [1, -0.75, 0.5, -0.6875])], x => x[0].Sum(), x => Loops.SumTo(x[0], [])),
        new("sum_to", "Sum along axis 1", [TestData.Spread([2, 3, 4], 7)], x => x[0].Sum(1),
            x => Loops.SumTo(x[0], [2, 1, 4]) with { Shape = [2, 4] }),
        new("sum_to", "Sum along axes 0 and -1", [TestData.Spread([2, 3, 4], 7)], x => x[0].Sum(0, -1),
            x => Loops.SumTo(x[0], [1, 3, 1]) with { Shape = [3] }),
        new("sum_to", "Sum along axes 2 and 0, kept", [TestData.Spread([2, 3, 4], 7)], x => x[0].Sum([2, 0], keep: true),
            x => Loops.SumTo(x[0], [1, 3, 1])),
        new("sum_to", "Sum along all axes", [TestData.Positive([2, 3], 7)], x => x[0].Sum(0, 1), x => Loops.SumTo(x[0], [])),
        new("sum_to", "Mean along axes 0, 2, 3", [TestData.Spread([2, 3, 5, 4], 8)], x => x[0].Mean([0, 2, 3]),
            x => Loops.Map(Loops.SumTo(x[0], [3, 1, 1]), v => v / 40) with { Shape = [3] }),
        new("sum_to", "Mean along axis 0", [TestData.Spread([4, 3], 8)], x => x[0].Mean(0, keep: true),
            x => Loops.Map(Loops.SumTo(x[0], [1, 3]), v => v / 4)),
        new("sum_to", "Mean of all", [TestData.Positive([4, 3], 9)], x => x[0].Mean(), x => Loops.Map(Loops.SumTo(x[0], []), v => v / 12)),
        .. SquaredLoss(LossNormalization.HalfSum, 0.5),
        .. SquaredLoss(LossNormalization.PerSample, 1.0 / 4),
        .. SquaredLoss(LossNormalization.PerEntry, 1.0 / 12),
        new("reshape", "[2,6] to [3,4]", [TestData.Spread([2, 6], 12)], x => x[0].Reshape([3, 4]), x => x[0] with { Shape = [3, 4] }),
        .. new (Shape Shape, int Axis)[] { ([2, 3, 4], 1), ([5], 0), ([3, 700], -1), ([0, 4], 1) }.Select(c => new OpRow(
            "norm", $"{c.Shape} axis {c.Axis}", [TestData.Spread(c.Shape, 16)], x => x[0].Norm(c.Axis), x => Loops.Norm(x[0], c.Axis))),
        new("norm", "[2,3] of all", [TestData.Spread([2, 3], 17)], x => x[0].Norm(), x => Loops.Norm(x[0] with { Shape = [6] }, 0)),
        new("norm", "[4,3] axis 0, kept", [TestData.Spread([4, 3], 18)], x => x[0].Norm(0, keep: true),
            x => Loops.Norm(x[0], 0) with { Shape = [1, 3] }),
        .. MaxAbs([5]),
        .. MaxAbs([0]),
        .. MaxAbs([3, 5000]),
    ];

    // Of one sign: the error of a sum goes with its terms, and is measured against the sum.
    private static IEnumerable<OpRow> SumTo(Shape shape, params Shape[] targets) => targets.Select(target =>
        new OpRow("sum_to", $"{shape} to {target}", [TestData.Positive(shape, 10)], x => x[0].SumTo(target), x => Loops.SumTo(x[0], target)));

    private static IEnumerable<OpRow> SquaredLoss(LossNormalization normalization, double factor)
    {
        yield return new OpRow("sum_to", $"SquaredLoss {normalization}", [TestData.Spread([4, 3], 13), TestData.Positive([4, 3], 14)],
            x => x[0].SquaredLoss(x[1], normalization),
            x => Loops.Map(Loops.SumTo(Loops.Broadcast(x[0], x[1], (a, b) => (a - b) * (a - b)), []), v => factor * v));
    }

    private static IEnumerable<OpRow> MaxAbs(Shape shape)
    {
        yield return new OpRow("max_abs", $"{shape}", [TestData.Spread(shape, 15)], x => x[0].MaxAbs(),
            x => new HostArray([], [x[0].Values.Select(Math.Abs).DefaultIfEmpty(0).Max()])) { Differentiable = false };
    }
}
