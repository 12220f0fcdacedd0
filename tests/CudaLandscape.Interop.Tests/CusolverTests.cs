namespace CudaLandscape.Interop.Tests;

/// <summary>Factorisations of small matrices whose factors are known.</summary>
[Collection(DeviceCollection.Name)]
public sealed class CusolverTests : IDisposable
{
    private readonly DeviceContext context;
    private readonly DeviceStream stream;
    private readonly CusolverHandle solver;

    public CusolverTests()
    {
        context = Devices.Open();
        stream = DeviceStream.Create(context);
        solver = CusolverHandle.Create(stream);
    }

    public void Dispose()
    {
        solver.Dispose();
        stream.Dispose();
        context.Dispose();
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Geqrf_leaves_the_triangle(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 3, 4, 1, 2);
        using DeviceVector tau = new(stream, type, 0, 0);
        using DeviceMemory info = Info();
        (long deviceBytes, long hostBytes) = solver.GeqrfBufferSize(2, 2, a.Address, 2, tau.Address, type);
        using DeviceMemory work = DeviceMemory.Allocate(context, Math.Max(deviceBytes, 1));
        solver.Geqrf(2, 2, a.Address, 2, tau.Address, work.Address, deviceBytes, info.Address, type);
        double[] r = a.Read();
        Assert.True(hostBytes >= 0);
        Assert.Equal(0, Read(info));
        Assert.Equal(5, Math.Abs(r[0]), 5);
        Assert.Equal(11.0 / 5, Math.Abs(r[2]), 5);
        Assert.Equal(2.0 / 5, Math.Abs(r[3]), 5);
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Gesvd_finds_values_and_vectors(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 0, 2, 0, 3, 0, 0);
        using DeviceVector s = new(stream, type, 0, 0);
        using DeviceVector u = new(stream, type, new double[9]);
        using DeviceVector vt = new(stream, type, new double[4]);
        using DeviceMemory info = Info();
        (long deviceBytes, _) = solver.GesvdBufferSize(
            'A', 'A', 3, 2, a.Address, 3, s.Address, u.Address, 3, vt.Address, 2, type);
        using DeviceMemory work = DeviceMemory.Allocate(context, Math.Max(deviceBytes, 1));
        solver.Gesvd('A', 'A', 3, 2, a.Address, 3, s.Address, u.Address, 3, vt.Address, 2,
            work.Address, deviceBytes, info.Address, type);
        Assert.Equal(0, Read(info));
        Assert.All(s.Read().Zip([3.0, 2.0]), pair => Assert.Equal(pair.Second, pair.First, 5));
        Assert.Equal(1, Math.Abs(u.Read()[0]), 5);
        Assert.Equal(1, Math.Abs(vt.Read()[2]), 5);
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Potrf_factors_and_names_the_failing_block(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 4, 2, 99, 10);
        using DeviceMemory info = Info();
        (long deviceBytes, _) = solver.PotrfBufferSize(Fill.Lower, 2, a.Address, 2, type);
        using DeviceMemory work = DeviceMemory.Allocate(context, Math.Max(deviceBytes, 1));
        solver.Potrf(Fill.Lower, 2, a.Address, 2, work.Address, deviceBytes, info.Address, type);
        Assert.Equal(0, Read(info));
        double[] factor = a.Read();
        Assert.All(new[] { factor[0], factor[1], factor[3] }.Zip([2.0, 1.0, 3.0]), pair => Assert.Equal(pair.Second, pair.First, 5));
        using DeviceVector indefinite = new(stream, type, 1, 2, 2, 1);
        solver.Potrf(Fill.Upper, 2, indefinite.Address, 2, work.Address, deviceBytes, info.Address, type);
        Assert.Equal(2, Read(info));
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Getrf_and_getrs_solve_with_exchanged_rows(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 0, 2, 4, 6);
        using DeviceVector b = new(stream, type, 8, 14, 2, 10);
        using DeviceMemory info = Info(), pivots = DeviceMemory.Allocate(context, 2 * sizeof(long));
        (long deviceBytes, _) = solver.GetrfBufferSize(2, 2, a.Address, 2, type);
        using DeviceMemory work = DeviceMemory.Allocate(context, Math.Max(deviceBytes, 1));
        solver.Getrf(2, 2, a.Address, 2, pivots.Address, work.Address, deviceBytes, info.Address, type);
        Assert.Equal(0, Read(info));
        solver.Getrs(Transpose.None, 2, 1, a.Address, 2, pivots.Address, b.Address, 2, info.Address, type);
        ulong second = b.Address + (ulong)(type == ScalarType.Float64 ? 16 : 8);
        solver.Getrs(Transpose.Transposed, 2, 1, a.Address, 2, pivots.Address, second, 2, info.Address, type);
        Assert.Equal(0, Read(info));
        Assert.All(b.Read().Zip([1.0, 2.0, 1.0, 1.0]), pair => Assert.Equal(pair.Second, pair.First, 5));
    }

    [SkippableTheory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Syevd_finds_values_and_vectors(ScalarType type)
    {
        using DeviceVector a = new(stream, type, 2, 1, 99, 2);
        using DeviceVector w = new(stream, type, 0, 0);
        using DeviceMemory info = Info();
        (long deviceBytes, _) = solver.SyevdBufferSize(EigenMode.Vectors, Fill.Lower, 2, a.Address, 2, w.Address, type);
        using DeviceMemory work = DeviceMemory.Allocate(context, Math.Max(deviceBytes, 1));
        solver.Syevd(EigenMode.Vectors, Fill.Lower, 2, a.Address, 2, w.Address, work.Address, deviceBytes, info.Address, type);
        Assert.Equal(0, Read(info));
        Assert.All(w.Read().Zip([1.0, 3.0]), pair => Assert.Equal(pair.Second, pair.First, 5));
        double[] vectors = a.Read();
        Assert.Equal(-0.5, vectors[0] * vectors[1], 5);
        Assert.Equal(0.5, vectors[2] * vectors[3], 5);
    }

    [SkippableFact]
    public void A_wrong_size_is_named()
    {
        Assert.True(solver.Version > 0);
        using DeviceVector a = new(stream, ScalarType.Float64, 1, 2, 3, 4);
        ulong matrix = a.Address;
        CudaException failure = Assert.Throws<CudaException>(
            () => solver.GeqrfBufferSize(-1, 2, matrix, 2, matrix, ScalarType.Float64));
        Assert.Equal("cuSOLVER", failure.Library);
        Assert.StartsWith("cusolverDnXgeqrf_bufferSize(held.Value, parameters, m, n", failure.Call);
    }

    private DeviceMemory Info()
    {
        DeviceMemory info = DeviceMemory.Allocate(context, sizeof(int));
        stream.Fill8(info.Address, 0xFF, sizeof(int));
        return info;
    }

    private unsafe int Read(DeviceMemory info)
    {
        int value = -1;
        stream.CopyDeviceToHost(&value, info.Address, sizeof(int));
        return value;
    }
}
