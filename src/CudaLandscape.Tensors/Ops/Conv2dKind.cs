namespace CudaLandscape.Tensors.Ops;

/// <summary>The three passes of a convolution.</summary>
internal enum Conv2dKind
{
    /// <summary>Outputs from images and kernels.</summary>
    Forward,

    /// <summary>The images' gradient.</summary>
    InputGradient,

    /// <summary>The kernels' gradient.</summary>
    WeightGradient,
}

/// <summary>A pass as a matrix product [Rows, Depth] [Depth, Columns].</summary>
/// <param name="Kind">Which pass.</param>
/// <param name="Rows">Filters, channels of the images, or channels times taps.</param>
/// <param name="Columns">Outputs of a filter, pixels of a channel, or filters.</param>
/// <param name="Depth">Products that are added to one result.</param>
internal readonly record struct Conv2dProduct(Conv2dKind Kind, long Rows, long Columns, long Depth)
{
    /// <summary>Operations by the usual count.</summary>
    public double Flops => 2.0 * Rows * Columns * Depth;
}
