using System.Numerics;

namespace CudaLandscape.Tensors.Random;

/// <summary>The random kernels, for <see cref="RandomTensor"/> and <see cref="Random.Generator"/>.</summary>
internal static class RandomDraws
{
    public static Tensor Uniform(in RandomSource source, Shape shape, DType type, double low, double high) =>
        Draw("random_uniform", source, shape, type, high - low, low);

    public static Tensor Normal(in RandomSource source, Shape shape, DType type, double mean, double standardDeviation) =>
        Draw("random_normal", source, shape, type, standardDeviation, mean);

    public static Tensor TruncatedNormal(in RandomSource source, Shape shape, DType type, double mean, double scale) =>
        Draw("random_truncated_normal", source, shape, type, scale, mean);

    public static Tensor Permutation(in RandomSource source, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Device device = source.Device;
        if (count == 0) return Tensor.Empty(device, [0], DType.Int32, "permutation");
        using TensorScope scope = new();
        long padded = (long)BitOperations.RoundUpToPowerOf2((ulong)count);
        Tensor keys = Tensor.Empty(device, [padded * sizeof(ulong)], DType.UInt8, "keys");
        Tensor order = Tensor.Empty(device, [padded], DType.Int32, "order");
        device.Launch(
            "permutation_fill", DType.Int32, padded, source.Stream, source.Generator, (long)count, padded, keys, order);
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
        string kernel, in RandomSource source, Shape shape, DType type, double scale, double shift)
    {
        if (!type.IsFloat()) throw new ArgumentException($"{kernel}: draws are Float32 or Float64, not {type}.");
        Tensor y = Tensor.Empty(source.Device, shape, type, kernel);
        ScaledDraws draws = new() { Stream = source.Stream, Scale = scale, Shift = shift };
        long count = y.ElementCount;
        if (count > 0) y.Device.Launch(kernel, type, count, draws, source.Generator, count, y);
        return y;
    }

    // The kernel's.
    private struct ScaledDraws
    {
        public RandomStream Stream;
        public double Scale, Shift;
    }
}
