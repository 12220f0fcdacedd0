using System.Collections;
using System.Runtime.CompilerServices;

namespace CudaLandscape.Tensors;

/// <summary>Sizes of a tensor's axes, outermost first; written as a collection: <c>[128, 1, 28, 28]</c>.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IEnumerable<long>
{
    private readonly long[]? _sizes;

    private Shape(long[] sizes, long elementCount)
    {
        _sizes = sizes;
        ElementCount = elementCount;
    }

    /// <summary>A shape with the given sizes; no sizes make a scalar of one element.</summary>
    /// <exception cref="ArgumentException">A size is negative, or their product exceeds 63 bits.</exception>
    public static Shape Create(ReadOnlySpan<long> sizes)
    {
        long count = 1;
        foreach (long size in sizes)
        {
            if (size < 0) throw new ArgumentException($"Shape {Text(sizes)}: a size is negative; sizes must be 0 or more.");
            count = TryMultiply(count, size) ?? throw new ArgumentException($"Shape {Text(sizes)} has more than 2^63 elements.");
        }

        return new Shape(sizes.ToArray(), sizes.Length == 0 ? 1 : count);
    }

    /// <summary>The shape without axes.</summary>
    public static Shape Scalar => Create([]);

    /// <summary>Number of axes.</summary>
    public int Rank => _sizes?.Length ?? 0;

    /// <summary>Product of the sizes; 1 for a scalar.</summary>
    public long ElementCount { get; }

    /// <summary>Size of an axis; negative axes count from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public long this[int axis] => Sizes[ResolveAxis(axis)];

    /// <summary>The sizes as a span.</summary>
    public ReadOnlySpan<long> Sizes => _sizes;

    /// <summary>The axis counted from the front.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int ResolveAxis(int axis)
    {
        int resolved = axis < 0 ? axis + Rank : axis;
        if (resolved >= 0 && resolved < Rank) return resolved;
        throw new ArgumentOutOfRangeException(nameof(axis), $"Shape {this} has {Rank} axes; got axis {axis}.");
    }

    /// <summary>This shape with one axis replaced.</summary>
    public Shape With(int axis, long size)
    {
        long[] sizes = [.. Sizes];
        sizes[ResolveAxis(axis)] = size;
        return Create(sizes);
    }

    /// <summary>This shape without one axis.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public Shape Without(int axis)
    {
        int resolved = ResolveAxis(axis);
        return Create([.. Sizes[..resolved], .. Sizes[(resolved + 1)..]]);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (long size in Sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Equality of all sizes.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Difference in some size.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <summary>The sizes in brackets, such as <c>[2,3]</c>.</summary>
    public override string ToString() => Text(Sizes);

    /// <summary>The sizes in order.</summary>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)(_sizes ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static long? TryMultiply(long a, long b)
    {
        long high = Math.BigMul(a, b, out long low);
        return high == 0 && low >= 0 ? low : null;
    }

    private static string Text(ReadOnlySpan<long> sizes) => "[" + string.Join(",", sizes.ToArray()) + "]";
}
