using System.Security.Cryptography;

namespace CudaLandscape.Nn.Data;

/// <summary>Labelled images of one size. Immutable: nobody may write to the arrays it hands out.</summary>
public sealed class ImageSet
{
    /// <summary>Wraps arrays (not copied; the caller gives them up) after checking that they fit together.</summary>
    /// <param name="pixels">Pixels, <c>N*C*H*W</c> bytes in NCHW order, 0 (black) to 255.</param>
    /// <param name="labels">N class indices, each below <paramref name="classCount"/>.</param>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H in pixels, at least 1.</param>
    /// <param name="width">W in pixels, at least 1.</param>
    /// <param name="classCount">Number of classes, 1 to 256.</param>
    /// <param name="description">Where the images come from, one line.</param>
    /// <param name="sha256">SHA-256 in hex; see <see cref="Sha256"/>.</param>
    /// <param name="isReal">True for images read from files, false for generated ones.</param>
    /// <exception cref="ArgumentNullException">An array or text is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A dimension or the class count is out of range.</exception>
    /// <exception cref="ArgumentException">The arrays do not fit the dimensions, or a label is too large.</exception>
    public ImageSet(
        byte[] pixels,
        byte[] labels,
        int channels,
        int height,
        int width,
        int classCount,
        string description,
        string sha256,
        bool isReal)
    {
        Pixels = pixels ?? throw new ArgumentNullException(nameof(pixels));
        Labels = labels ?? throw new ArgumentNullException(nameof(labels));
        Description = description ?? throw new ArgumentNullException(nameof(description));
        Sha256 = sha256 ?? throw new ArgumentNullException(nameof(sha256));
        (Channels, Height, Width, ClassCount, IsReal) = (channels, height, width, classCount, isReal);
        CheckShape();
        CheckLabels();
    }

    /// <summary>Pixels, shape [N, C, H, W] in NCHW order, 0 (black) to 255. Read only by agreement.</summary>
    public byte[] Pixels { get; }

    /// <summary>Class index of each image, shape [N]. Read only by agreement.</summary>
    public byte[] Labels { get; }

    /// <summary>Number of images, N.</summary>
    public int Count => Labels.Length;

    /// <summary>Channels per image, C.</summary>
    public int Channels { get; }

    /// <summary>Image height in pixels, H.</summary>
    public int Height { get; }

    /// <summary>Image width in pixels, W.</summary>
    public int Width { get; }

    /// <summary>Number of classes; every label is below it.</summary>
    public int ClassCount { get; }

    /// <summary>Where the images come from, one line, for example "MNIST (train)".</summary>
    public string Description { get; }

    /// <summary>
    /// SHA-256 in lower-case hex. Whole set of IDX files: of the unpacked image file followed by the unpacked label file,
    /// headers included. Any other set, and any part made by <see cref="Take"/>: of the pixels followed by the labels.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>True for images read from files, false for generated ones.</summary>
    public bool IsReal { get; }

    /// <summary>The first <paramref name="n"/> images (this very set when n = Count; otherwise a copy).</summary>
    /// <param name="n">How many images, 1 to <see cref="Count"/>.</param>
    /// <returns>A set of n images whose description names the part, and whose hash is that of the part.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n is not in 1..Count.</exception>
    public ImageSet Take(int n)
    {
        CheckTake(n, Count, Description, nameof(n));
        if (n == Count)
            return this;

        byte[] pixels = Pixels.AsSpan(0, n * Channels * Height * Width).ToArray();
        byte[] labels = Labels.AsSpan(0, n).ToArray();
        string text = $"{Description}, first {n} of {Count}";
        return new(pixels, labels, Channels, Height, Width, ClassCount, text, HashOf(pixels, labels), IsReal);
    }

    /// <summary>SHA-256 of several byte runs, one after the other.</summary>
    /// <returns>64 lower-case hex digits.</returns>
    internal static string HashOf(params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] part in parts)
            hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Refuses a request for n of <paramref name="count"/> images unless 1 &lt;= n &lt;= count.</summary>
    internal static void CheckTake(int n, int count, string description, string parameter)
    {
        if (n > 0 && n <= count)
            return;

        string problem = n <= 0 ? "is not a positive number of images" : $"is larger than the set ({count} images)";
        string message = $"{description}: {n} {problem}. Got {n}; expected 1 to {count}. "
            + $"Ask for at most {count} images.";
        throw new ArgumentOutOfRangeException(parameter, n, message);
    }

    private void CheckShape()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Channels, "channels");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Height, "height");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width, "width");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ClassCount, "classCount");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ClassCount, 256, "classCount");
        Int128 expected = (Int128)Count * Channels * Height * Width;
        if (Pixels.Length == expected && Count > 0)
            return;

        string shape = $"{Count} x {Channels} x {Height} x {Width}";
        throw new ArgumentException(
            $"The pixels do not fit the shape. Got {Pixels.Length} bytes; expected {shape} = {expected} bytes, "
            + "above 0. Give one label per image and C*H*W bytes per image.", "pixels");
    }

    private void CheckLabels()
    {
        int bad = Array.FindIndex(Labels, label => label >= ClassCount);
        if (bad < 0)
            return;

        throw new ArgumentException(
            $"Label {bad} is too large. Got {Labels[bad]}; expected 0 to {ClassCount - 1}. "
            + "Correct the label or the class count.", "labels");
    }
}
