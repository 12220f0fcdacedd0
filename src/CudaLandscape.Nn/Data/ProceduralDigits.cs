namespace CudaLandscape.Nn.Data;

/// <summary>
/// Synthetic digits 0 to 9 for machines without a data set: strokes per class with random wobble, slant, rotation,
/// scale, shift, stroke width and intensity. Easier than handwriting; results on them are not results on MNIST.
/// </summary>
public static class ProceduralDigits
{
    /// <summary>Image height and width in pixels.</summary>
    public const int Side = 28;

    /// <summary>Width in pixels of the border that is black in every image.</summary>
    public const int Border = 3;

    /// <summary>Number of classes.</summary>
    public const int ClassCount = 10;

    private const int ImageBytes = Side * Side;

    /// <summary>
    /// Generates images 0 to count-1 of a seed. Image i depends on (seed, i) only, so a small set is the beginning of a
    /// large one; every run of ten images, counted from 0, holds each class once, in random order.
    /// </summary>
    /// <param name="count">How many images, at least 1.</param>
    /// <param name="seed">Any number; another seed gives other images.</param>
    /// <returns>A set of shape [count, 1, 28, 28].</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> is below 1, or its pixels do not fit in one array.
    /// </exception>
    public static ImageSet Generate(int count, ulong seed) =>
        Generate(count, seed, $"procedural digits (seed {seed})");

    /// <summary>Generates a set under another description.</summary>
    internal static ImageSet Generate(int count, ulong seed, string description)
    {
        (byte[] pixels, byte[] labels) = ProceduralSet.Draw(count, seed, ClassCount, ImageBytes, DigitPen.Draw);
        string hash = ImageSet.HashOf(pixels, labels);
        return new(pixels, labels, 1, Side, Side, ClassCount, description, hash, isReal: false);
    }
}
