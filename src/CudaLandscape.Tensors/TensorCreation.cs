using System.Runtime.InteropServices;

namespace CudaLandscape.Tensors;

/// <summary>Creation, and copies between host and device.</summary>
public sealed partial class Tensor
{
    /// <summary>A tensor whose elements are not set (NaN on the check device).</summary>
    /// <exception cref="Interop.DeviceOutOfMemoryException">The device has too little memory left.</exception>
    public static Tensor Empty(Device device, Shape shape, DType type, string name = "empty")
    {
        long bytes = checked(shape.ElementCount * type.SizeBytes());
        return new Tensor(device, bytes == 0 ? null : device.Allocate(bytes), 0, shape, type, name);
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Device device, Shape shape, DType type, string name = "zeros")
    {
        Tensor result = Empty(device, shape, type, name);
        if (result.Bytes > 0) device.Stream.Fill8(result.Address, 0, result.Bytes);
        return result;
    }

    /// <summary>A tensor with every element equal to <paramref name="value"/>, rounded to the type.</summary>
    public static Tensor Full(Device device, Shape shape, DType type, double value, string name = "full")
    {
        Tensor result = Empty(device, shape, type, name);
        if (shape.ElementCount > 0) device.Launch("elementwise_fill", type, shape.ElementCount, shape.ElementCount, result, value);
        return result;
    }

    /// <summary>A tensor with the given elements in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's element count.</exception>
    public static unsafe Tensor From<T>(Device device, Shape shape, ReadOnlySpan<T> values, string name = "data")
        where T : unmanaged
    {
        if (values.Length != shape.ElementCount)
            throw new ArgumentException($"Tensor '{name}': shape {shape} needs {shape.ElementCount} values, got {values.Length}.");
        Tensor result = Empty(device, shape, DTypes.Of<T>(), name);
        fixed (T* source = values)
        {
            if (result.Bytes > 0) device.Stream.CopyHostToDevice(result.Address, source, result.Bytes);
            device.Synchronize();
        }

        return result;
    }

    /// <summary>The elements in row-major order.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        if (ElementCount > Array.MaxLength)
            throw new InvalidOperationException($"{this} has too many elements for one array; copy parts of it.");
        T[] values = new T[ElementCount];
        CopyTo<T>(values);
        return values;
    }

    /// <summary>Copies the elements to the host.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public unsafe void CopyTo<T>(Span<T> destination) where T : unmanaged
    {
        if (DTypes.Of<T>() != DType) throw new InvalidOperationException($"{this} holds {DType}, not {typeof(T).Name}.");
        if (destination.Length != ElementCount)
            throw new ArgumentException($"{this} has {ElementCount} elements; the destination holds {destination.Length}.");
        fixed (T* target = destination)
        {
            if (Bytes > 0) Device.Stream.CopyDeviceToHost(target, Address, Bytes);
        }
    }

    /// <summary>The value of a one-element float tensor.</summary>
    /// <exception cref="InvalidOperationException">It has another number of elements or no float type.</exception>
    public double Item()
    {
        if (ElementCount != 1) throw new InvalidOperationException($"{this} has {ElementCount} elements; Item needs exactly one.");
        return DType switch
        {
            DType.Float32 => ToArray<float>()[0],
            DType.Float64 => ToArray<double>()[0],
            DType.Int32 => ToArray<int>()[0],
            _ => ToArray<byte>()[0],
        };
    }

    /// <summary>Overwrites the elements with those of <paramref name="source"/>; shapes may differ, element counts may not.</summary>
    /// <exception cref="ArgumentException">Element counts or types differ.</exception>
    public void CopyFrom(Tensor source)
    {
        if (source.ElementCount != ElementCount || source.DType != DType)
            throw new ArgumentException($"CopyFrom: {source} cannot overwrite {this}; element count and type must agree.");
        if (Bytes > 0) Device.Stream.CopyDeviceToDevice(Address, source.Address, Bytes);
    }

    /// <summary>The bytes of the elements, as stored.</summary>
    public byte[] ToBytes() => DType switch
    {
        DType.Float32 => MemoryMarshal.AsBytes<float>(ToArray<float>()).ToArray(),
        DType.Float64 => MemoryMarshal.AsBytes<double>(ToArray<double>()).ToArray(),
        DType.Int32 => MemoryMarshal.AsBytes<int>(ToArray<int>()).ToArray(),
        _ => ToArray<byte>(),
    };
}
