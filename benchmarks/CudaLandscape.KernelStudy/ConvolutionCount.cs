using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy;

/// <summary>
/// How long a variant of a convolution's pass might take on an H100, counted where there is none to measure: a block's stage of 16 in
/// depth takes as long as the busiest of tensor cores, shared memory and issue of instructions, and multiprocessors work in turns.
/// Global memory is left out, since every variant reads the same.
/// </summary>
internal static class ConvolutionCount
{
    // An H100 SXM: multiprocessors, cycles per microsecond; per cycle and multiprocessor 1024 products in TF32, of which mma.sync reaches
    // 63 % (arXiv:2501.12084), 128 bytes of shared memory, and instructions of four warps.
    private const double Multiprocessors = 132, CyclesPerMicrosecond = 1755, Products = 1024 * 0.63, SharedBytes = 128, Issues = 4;

    // Of the kernels: warps of a block, depth of a stage, instructions for a copy of four bytes with its address; for one element of the
    // plain variant, whose address takes three divisions in 64 bits.
    private const int Warps = 8, StageDepth = 16, RowWarps = 2, CopyInstructions = 10, PlainElementInstructions = 250;

    /// <summary>Microseconds.</summary>
    public static double Microseconds(Conv2dVariant variant, Conv2dProduct product)
    {
        double stage = variant == Conv2dVariant.Plain ? PlainStage(variant) : Stage(variant), depth = product.Depth, groups = 1;
        if (product.Kind == Conv2dKind.WeightGradient)
        {
            depth = Math.Min(depth, variant.GroupPositions(product.Rows, product.Columns, product.Depth));
            groups = Math.Ceiling(product.Depth / depth);
        }

        double turns = Math.Ceiling(groups * variant.Tiles(product.Rows, product.Columns) / Multiprocessors);
        return turns * Math.Ceiling(depth / StageDepth) * stage / CyclesPerMicrosecond;
    }

    private static double Stage(Conv2dVariant v)
    {
        int products = v.Precision == Precision.Tf32x3 ? 3 : 1, warpRows = v.Rows / RowWarps, warpColumns = v.Columns / (Warps / RowWarps);
        double multiply = v.Rows * v.Columns * StageDepth * products / Products;
        double shared = Warps * (warpRows + warpColumns) * StageDepth * sizeof(float) / SharedBytes;
        double copies = (v.Rows + v.Columns) * StageDepth * CopyInstructions / 32.0;
        // A lane's elements of both operands are loaded and rounded; for three products they are split.
        double fragments = Warps * (warpRows + warpColumns) * StageDepth / 32.0 * (products == 3 ? 4 : 2);
        double mma = v.Rows * v.Columns * StageDepth * products / (16.0 * 8 * 8);
        return Math.Max(Math.Max(multiply, shared), (copies + fragments + mma) / Issues);
    }

    private static double PlainStage(Conv2dVariant v)
    {
        const int own = 4;
        double multiply = v.Rows * v.Columns * StageDepth * (own * own + 2.0 * own) / (own * own) / 32;
        return (multiply + (v.Rows + v.Columns) * StageDepth * PlainElementInstructions / 32.0) / Issues;
    }
}
