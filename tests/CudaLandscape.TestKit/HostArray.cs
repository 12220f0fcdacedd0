using CudaLandscape.Tensors;

namespace CudaLandscape.TestKit;

/// <summary>A host array with its shape, always in double: what references compute on.</summary>
public sealed record HostArray(Shape Shape, double[] Values, DType Type = DType.Float64)
{
    public double this[params ReadOnlySpan<long> index]
    {
        get => Values[Offset(index)];
        set => Values[Offset(index)] = value;
    }

    public static HostArray Zeros(Shape shape) => new(shape, new double[shape.ElementCount]);

    /// <summary>The array with values rounded to float32.</summary>
    public HostArray Rounded() => this with { Values = Array.ConvertAll(Values, x => (double)(float)x) };

    public HostArray WithValue(int position, double value)
    {
        double[] values = (double[])Values.Clone();
        values[position] = value;
        return this with { Values = values };
    }

    /// <summary>A tensor of these values; float arrays take the asked float type, integer arrays keep theirs.</summary>
    public Tensor ToTensor(Device device, DType floatType) => (Type.IsFloat() ? floatType : Type) switch
    {
        DType.Float32 => Tensor.From<float>(device, Shape, Array.ConvertAll(Values, x => (float)x)),
        DType.Float64 => Tensor.From<double>(device, Shape, Values),
        DType.Int32 => Tensor.From<int>(device, Shape, Array.ConvertAll(Values, x => (int)x)),
        _ => Tensor.From<byte>(device, Shape, Array.ConvertAll(Values, x => (byte)x)),
    };

    public static double[] Read(Tensor tensor) => tensor.DType switch
    {
        DType.Float32 => Array.ConvertAll(tensor.ToArray<float>(), x => (double)x),
        DType.Float64 => tensor.ToArray<double>(),
        DType.Int32 => Array.ConvertAll(tensor.ToArray<int>(), x => (double)x),
        _ => Array.ConvertAll(tensor.ToArray<byte>(), x => (double)x),
    };

    private long Offset(ReadOnlySpan<long> index)
    {
        long offset = 0;
        for (int axis = 0; axis < index.Length; axis++) offset = offset * Shape[axis] + index[axis];
        return offset;
    }
}
