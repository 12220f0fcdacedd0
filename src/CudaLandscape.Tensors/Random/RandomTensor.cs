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
