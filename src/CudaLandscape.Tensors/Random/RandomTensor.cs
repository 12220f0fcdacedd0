using System.Numerics;

namespace CudaLandscape.Tensors.Random;

/// <summary>
/// Random fills by Philox 4x32-10. Element i is draw <c>offset + i</c> of (seed, stream), computed in double and rounded to
/// the tensor's type: the same numbers on every device.
/// </summary>
public static class RandomTensor
{
    /// <summary>Uniform in (low, high).</summary>
    public static Tensor Uniform(Device device, Shape shape, DType type, RandomStream stream, double low = 0, double high = 1) =>
        Draw("uniform", device, shape, type, stream, high - low, low);

    /// <summary>Normal with the given mean and standard deviation.</summary>
    public static Tensor Normal(
        Device device, Shape shape, DType type, RandomStream stream, double mean = 0, double standardDeviation = 1) =>
        Draw("normal", device, shape, type, stream, standardDeviation, mean);

    /// <summary>
    /// mean + scale · z, where z is standard normal conditioned on |z| ≤ 2 (its own standard deviation is 0.8796).
    /// </summary>
    public static Tensor TruncatedNormal(
        Device device, Shape shape, DType type, RandomStream stream, double mean = 0, double scale = 1) =>
        Draw("truncated_normal", device, shape, type, stream, scale, mean);

    /// <summary>
    /// A random order of 0 … count - 1 as Int32 [count], made on the device: the numbers sorted by their draws, number i having
    /// draw i, and equal draws by number; on every device the same as <see cref="Philox.Permutation"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">count is negative.</exception>
    public static Tensor Permutation(Device device, int count, RandomStream stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0) return Tensor.Empty(device, [0], DType.Int32, "permutation");
        using TensorScope scope = new();
        long padded = (long)BitOperations.RoundUpToPowerOf2((ulong)count);
        Tensor keys = Tensor.Empty(device, [padded * sizeof(ulong)], DType.UInt8, "keys");
        Tensor order = Tensor.Empty(device, [padded], DType.Int32, "order");
        device.Launch("permutation_fill", DType.Int32, padded, stream, (long)count, padded, keys, order);
        for (long run = 2; run <= padded; run *= 2)
        {
            for (long distance = run / 2; distance > 0; distance /= 2)
                device.Launch("permutation_compare_exchange", DType.Int32, padded / 2, padded, run, distance, keys, order);
        }

        Tensor result = Tensor.Empty(device, [count], DType.Int32, "permutation");
        result.CopyFrom(order.Slab(0, [count], "order"));
        return scope.Return(result);
    }

    private static Tensor Draw(
        string distribution, Device device, Shape shape, DType type, RandomStream stream, double scale, double shift)
    {
        if (!type.IsFloat()) throw new ArgumentException($"random {distribution}: draws are Float32 or Float64, not {type}.");
        Tensor y = Tensor.Empty(device, shape, type, distribution);
        Parameters parameters = new() { Stream = stream, Scale = scale, Shift = shift };
        long count = y.ElementCount;
        if (count > 0) device.Launch($"random_{distribution}", type, count, parameters, count, y);
        return y;
    }

    // The kernel's RandomStream.
    private struct Parameters
    {
        public RandomStream Stream;
        public double Scale, Shift;
    }
}
