using System.Runtime.InteropServices;

namespace CudaLandscape.Interop.Tests;

/// <summary>Numbers in device memory, given and read as double whatever the element type.</summary>
internal sealed unsafe class DeviceVector : IDisposable
{
    private readonly DeviceStream stream;
    private readonly DeviceMemory memory;
    private readonly ScalarType type;
    private readonly int count;

    internal DeviceVector(DeviceStream stream, ScalarType type, params double[] values)
    {
        (this.stream, this.type, count) = (stream, type, values.Length);
        byte[] bytes = type == ScalarType.Float64
            ? MemoryMarshal.AsBytes<double>(values).ToArray()
            : MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, value => (float)value)).ToArray();
        memory = DeviceMemory.Allocate(stream.Context, bytes.Length);
        fixed (byte* source = bytes)
        {
            stream.CopyHostToDevice(memory.Address, source, bytes.Length);
            stream.Synchronize();
        }
    }

    internal ulong Address => memory.Address;

    internal double[] Read()
    {
        byte[] bytes = new byte[memory.Bytes];
        fixed (byte* destination = bytes)
        {
            stream.CopyDeviceToHost(destination, memory.Address, memory.Bytes);
        }

        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = type == ScalarType.Float64
                ? BitConverter.ToDouble(bytes, i * sizeof(double))
                : BitConverter.ToSingle(bytes, i * sizeof(float));
        }

        return values;
    }

    public void Dispose() => memory.Dispose();
}
