namespace CudaLandscape.Tensors.Random;

/// <summary>
/// Random fills by Philox 4x32-10. Element i is draw <c>offset + i</c> of (seed, stream), computed in double and rounded to
/// the tensor's type: the same numbers on every device.
/// </summary>
public static class RandomTensor
{
    /// <summary>Uniform in (low, high).</summary>
    public static Tensor Uniform(Device device, Shape shape, DType type, RandomStream stream, double low = 0, double high = 1) =>
        RandomDraws.Uniform(new RandomSource(device, stream), shape, type, low, high);

    /// <summary>Normal with the given mean and standard deviation.</summary>
    public static Tensor Normal(
        Device device, Shape shape, DType type, RandomStream stream, double mean = 0, double standardDeviation = 1) =>
        RandomDraws.Normal(new RandomSource(device, stream), shape, type, mean, standardDeviation);

    /// <summary>
    /// mean + scale · z, where z is standard normal conditioned on |z| ≤ 2 (its own standard deviation is 0.8796).
    /// </summary>
    public static Tensor TruncatedNormal(
        Device device, Shape shape, DType type, RandomStream stream, double mean = 0, double scale = 1) =>
        RandomDraws.TruncatedNormal(new RandomSource(device, stream), shape, type, mean, scale);

    /// <summary>
    /// A random order of 0 … count - 1 as Int32 [count], made on the device: the numbers sorted by their draws, number i having
    /// draw i, and equal draws by number; on every device the same as <see cref="Philox.Permutation"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">count is negative.</exception>
    public static Tensor Permutation(Device device, int count, RandomStream stream) =>
        RandomDraws.Permutation(new RandomSource(device, stream), count);
}
