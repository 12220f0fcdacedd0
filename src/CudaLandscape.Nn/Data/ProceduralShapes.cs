namespace CudaLandscape.Nn.Data;

/// <summary>
/// Coloured shapes of 3 x 32 x 32 for machines without CIFAR-10: the class is the shape; place, size, turn, colours, the
/// background's slope and noise are random, and mirroring an image does not change its class. Much easier than photographs;
/// results on them are not results on CIFAR-10.
/// </summary>
public static class ProceduralShapes
{
    /// <summary>Image height and width in pixels.</summary>
    public const int Side = Cifar10.Side;

    /// <summary>Red, green, blue.</summary>
    public const int Channels = Cifar10.Channels;

    /// <summary>Number of classes.</summary>
    public const int ClassCount = Cifar10.ClassCount;

    /// <summary>Names of the classes, by label.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["disc", "ring", "square", "frame", "triangle", "cross", "lying bars", "standing bars", "half disc", "two discs"];

    /// <summary>
    /// Generates images 0 to count-1 of a seed. Image i depends on (seed, i) only; every run of ten images, counted from 0,
    /// holds each class once, in random order.
    /// </summary>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="seed">Any number; another seed gives other images.</param>
    /// <returns>A set of shape [count, 3, 32, 32].</returns>
    /// <exception cref="ArgumentOutOfRangeException">count is below 1, or its pixels do not fit in one array.</exception>
    public static ImageSet Generate(int count, ulong seed) => Generate(count, seed, $"procedural shapes (seed {seed})");

    /// <summary>Generates a set under another description.</summary>
    internal static ImageSet Generate(int count, ulong seed, string description)
    {
        (byte[] pixels, byte[] labels) = ProceduralSet.Draw(count, seed, ClassCount, Channels * Side * Side, ShapePen.Draw);
        return new(
            pixels, labels, Channels, Side, Side, ClassCount, description, ImageSet.HashOf(pixels, labels), isReal: false);
    }
}
