namespace CudaLandscape.Nn.Data;

/// <summary>Draws an image of a class into its bytes, all 0 at the start.</summary>
internal delegate void ImagePen(int label, CounterRandom random, Span<byte> image);

/// <summary>
/// Generated sets. Image i depends on (seed, i) only, so a small set is the beginning of a large one; every run of as many
/// images as there are classes, counted from 0, holds each class once, in random order.
/// </summary>
internal static class ProceduralSet
{
    /// <summary>Pixels and labels of images 0 to count-1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">count is below 1, or its pixels do not fit in one array.</exception>
    internal static (byte[] Pixels, byte[] Labels) Draw(int count, ulong seed, int classCount, int imageBytes, ImagePen pen)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / imageBytes);
        byte[] pixels = new byte[count * imageBytes], labels = new byte[count];
        Parallel.For(0, (count + classCount - 1) / classCount, run =>
        {
            Span<byte> order = stackalloc byte[classCount];
            Shuffle(order, new CounterRandom(~seed, (ulong)run));
            int first = run * classCount, end = Math.Min(first + classCount, count);
            for (int i = first; i < end; i++)
            {
                labels[i] = order[i - first];
                pen(labels[i], new CounterRandom(seed, (ulong)i), pixels.AsSpan(i * imageBytes, imageBytes));
            }
        });
        return (pixels, labels);
    }

    private static void Shuffle(Span<byte> order, CounterRandom random)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int other = random.Below(i + 1);
            order[i] = order[other];
            order[other] = (byte)i;
        }
    }
}
