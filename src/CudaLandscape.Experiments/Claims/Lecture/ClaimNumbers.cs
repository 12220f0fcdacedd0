using CudaLandscape.Landscape.BadMinima;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.Lecture;

/// <summary>Random data and neighbours that several of these claims draw.</summary>
internal static class ClaimNumbers
{
    /// <summary>Standard normal numbers of a use of the claim's seed.</summary>
    public static double[] Normal(ClaimContext context, long count, ulong use)
    {
        using TensorScope scope = new();
        return RandomTensor.Normal(context.Device, [count], DType.Float64, context.Stream(use)).ToArray<double>();
    }

    /// <summary>
    /// The lowest change of the loss, over the loss, among the claim's <c>draws</c> neighbours at a radius, a tenth and a hundredth of it.
    /// </summary>
    public static double LowestChange(ClaimContext context, ShallowNetwork network, ShallowPoint point, double radius)
    {
        double lowest = double.PositiveInfinity;
        for (int k = 0; k < 3; k++, radius /= 10)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            lowest = Math.Min(lowest, network.LowestChange(point, radius, context.Size("draws"), context.Stream((1UL << 32) + (ulong)k)));
        }

        return lowest / network.Loss(point);
    }
}
