using CudaLandscape.Tensors;
using Xunit;

namespace CudaLandscape.TestKit.Table;

/// <summary>
/// Every op, with the inputs and the reference its tests are derived from. A new op gets a row here; the suite fails while it
/// has none.
/// </summary>
public static class OpTable
{
    public static IReadOnlyList<OpRow> Rows { get; } =
    [
        .. ElementwiseRows.All, .. ReductionRows.All, .. SoftmaxRows.All, .. BatchNormRows.All, .. LinearAlgebraRows.All,
        .. FactorizationRows.All, .. ConvolutionRows.All, .. IndexRows.All, .. LayoutRows.All, .. GatherScatterRows.All,
        .. AugmentationRows.All, .. SkipHeadRows.All,
    ];

    public static TheoryData<string> Names => [.. Rows.Select(r => r.ToString())];

    public static TheoryData<string> Differentiable => [.. Rows.Where(r => r.Differentiable).Select(r => r.ToString())];

    /// <summary>Rows whose whole Jacobian is cheap.</summary>
    public static TheoryData<string> SmallDifferentiable =>
        [.. Rows.Where(r => r.Differentiable && r.Inputs.Sum(x => x.Shape.ElementCount) <= 40).Select(r => r.ToString())];

    public static OpRow Get(string name) => Rows.Single(r => r.ToString() == name);
}
