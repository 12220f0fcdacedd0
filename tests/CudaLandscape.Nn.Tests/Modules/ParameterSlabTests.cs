using CudaLandscape.Interop;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Modules;

[Collection("device")]
public sealed class ParameterSlabTests
{
    private static readonly Shape[] s_shapes = [[3, 5], [70], [4, 16], [1]];
    private static readonly long[] s_offsets = [0, 64, 192, 256];

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Parameters_are_views_at_multiples_of_64_elements(DType type)
    {
        FreeParameters model = new(s_shapes);
        using ParameterSlab slab = Draw(model, type);
        Assert.Equal(320, slab.Values.ElementCount);
        double[] all = HostArray.Read(slab.Values);
        for (int i = 0; i < s_shapes.Length; i++)
        {
            Tensor p = model.Parameters[i].Value;
            Assert.Equal(slab.Values.Address + (ulong)(s_offsets[i] * type.SizeBytes()), p.Address);
            Assert.Equal((s_shapes[i], type, true), (p.Shape, p.DType, p.RequiresGradient));
            Assert.Equal(all.AsSpan((int)s_offsets[i], (int)p.ElementCount).ToArray(), HostArray.Read(p));
            Assert.Same(p, slab.Tensors[i]);
        }
    }

    [Fact]
    public void Parameters_of_one_shape_are_drawn_from_different_streams()
    {
        using ParameterSlab slab = Draw(new FreeParameters([500], [500]), DType.Float64);
        double[] a = slab.Tensors[0].ToArray<double>(), b = slab.Tensors[1].ToArray<double>();
        Assert.Empty(a.Intersect(b));
    }

    [Fact]
    public void Weights_are_drawn_with_their_fans()
    {
        using ParameterSlab slab =
            ParameterSlab.Initialize(new FreeParameters([5000]), TestDevices.Primary, DType.Float64, Initializer.GlorotUniform, 1);
        double limit = Math.Sqrt(6.0 / (30 + 20));
        Assert.InRange(slab.Tensors[0].ToArray<double>().Max(Math.Abs), 0.995 * limit, limit);
    }

    [Fact]
    public void The_seed_decides_the_network_and_the_type_only_its_rounding()
    {
        double[] first = Read(DType.Float64, 5), again = Read(DType.Float64, 5), other = Read(DType.Float64, 6);
        Assert.Equal(first, again);
        Assert.DoesNotContain(first.Zip(other), p => p.First == p.Second && p.First != 0);
        Assert.Equal(Array.ConvertAll(first, x => (double)(float)x), Read(DType.Float32, 5));
    }

    [Theory]
    [InlineData(DType.Float32, DType.Float64)]
    [InlineData(DType.Float64, DType.Float32)]
    [InlineData(DType.Float32, DType.Float32)]
    public void Convert_keeps_the_values_and_shares_no_memory(DType from, DType to)
    {
        using ParameterSlab source = Draw(new FreeParameters(s_shapes), from);
        double[] before = HostArray.Read(source.Values);
        FreeParameters model = new(s_shapes);
        using ParameterSlab copy = ParameterSlab.Convert(source, model, to);
        Assert.Equal(Array.ConvertAll(before, x => to == DType.Float32 ? (float)x : x), HostArray.Read(copy.Values));
        for (int i = 0; i < s_shapes.Length; i++)
        {
            Assert.Equal((to, true), (model.Parameters[i].Value.DType, model.Parameters[i].Value.RequiresGradient));
            Assert.Equal(copy.Values.Address + (ulong)(s_offsets[i] * to.SizeBytes()), model.Parameters[i].Value.Address);
        }

        using TensorScope scope = new();
        copy.Values.CopyFrom(Tensor.Zeros(TestDevices.Primary, copy.Values.Shape, to));
        Assert.Equal(before, HostArray.Read(source.Values));
    }

    [Fact]
    public void Convert_refuses_another_model()
    {
        using ParameterSlab source = Draw(new FreeParameters([3], [4]), DType.Float32);
        foreach (FreeParameters other in (FreeParameters[])[new([3]), new([3], [5]), new([3], [2, 2]), new([3], [4], [4])])
            Assert.Throws<ArgumentException>(() => ParameterSlab.Convert(source, other, DType.Float64));
    }

    [Fact]
    public void Flatten_puts_each_tensor_in_its_place_and_leaves_the_padding()
    {
        using ParameterSlab slab = Draw(new FreeParameters(s_shapes), DType.Float64);
        using TensorScope scope = new();
        Tensor flat = Tensor.Full(TestDevices.Primary, slab.Values.Shape, DType.Float64, -7);
        HostArray[] parts = [.. s_shapes.Select((shape, i) => TestData.Spread(shape, i))];
        slab.Flatten([.. parts.Select(p => p.ToTensor(TestDevices.Primary, DType.Float64))], flat);
        double[] expected = [.. Enumerable.Repeat(-7.0, 320)];
        for (int i = 0; i < parts.Length; i++) parts[i].Values.CopyTo(expected, s_offsets[i]);
        Assert.Equal(expected, flat.ToArray<double>());
    }

    [Fact]
    public void Disposing_returns_the_memory_and_a_used_parameter_says_so()
    {
        long before = TestDevices.Primary.UsedBytes;
        FreeParameters model = new(s_shapes);
        ParameterSlab slab = Draw(model, DType.Float32);
        Assert.True(TestDevices.Primary.UsedBytes > before);
        slab.Dispose();
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
        Assert.Throws<ObjectDisposedException>(() => model.Parameters[0].Value.ToArray<float>());
    }

    [Fact]
    public void A_model_initialized_twice_gives_all_its_memory_back()
    {
        long before = TestDevices.Primary.UsedBytes;
        FreeParameters model = new(s_shapes);
        ParameterSlab first = Draw(model, DType.Float32), second = Draw(model, DType.Float32);
        first.Dispose();
        Assert.Equal(HostArray.Read(second.Values)[..15], HostArray.Read(model.Parameters[0].Value));
        second.Dispose();
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    [SkippableFact]
    public void Running_out_of_memory_leaves_nothing_behind()
    {
        using ParameterSlab source = Draw(new FreeParameters([100_000]), DType.Float32);
        long before = TestDevices.Primary.UsedBytes;
        using FullMemory full = new(TestDevices.Primary, left: 1_000_000);
        Assert.Throws<DeviceOutOfMemoryException>(() => Draw(new FreeParameters([100_000]), DType.Float64));
        Assert.Throws<DeviceOutOfMemoryException>(() => ParameterSlab.Convert(source, new FreeParameters([100_000]), DType.Float64));
        Assert.Equal(before, TestDevices.Primary.UsedBytes);
    }

    // On the check device, which does not cache: every tensor is an allocation that can fail.
    [SkippableTheory, InlineData(false), InlineData(true)]
    public void A_model_is_usable_after_its_next_initialization_ran_out_of_memory(bool convert)
    {
        Device device = TestDevices.Check;
        BatchNorm2d model = new("norm", 3) { IsTraining = false };
        using ParameterSlab first = ParameterSlab.Initialize(model, device, DType.Float32, Initializer.GlorotUniform, 5);
        using ParameterSlab other = ParameterSlab.Initialize(new BatchNorm2d("norm", 3), device, DType.Float64, Initializer.GlorotUniform, 6);
        (long used, byte[] before) = (device.UsedBytes, Result(model, device));
        for (int call = 1; ; call++)
        {
            using (Softcuda.FailCall("cuMemAlloc_v2", call, status: 2))
            {
                try
                {
                    using ParameterSlab second = convert
                        ? ParameterSlab.Convert(other, model, DType.Float64)
                        : ParameterSlab.Initialize(model, device, DType.Float64, Initializer.GlorotUniform, 7);
                    Assert.True(call > 4, "it makes a slab and the model's buffers");
                    Assert.NotEqual(before.Length, model.Parameters[0].Value.ToBytes().Length);
                    return;
                }
                catch (DeviceOutOfMemoryException)
                {
                }
            }

            Assert.Equal(used, device.UsedBytes);
            Assert.Equal(before, Result(model, device));
        }
    }

    // Parameters, buffers and what the model makes of them.
    private static byte[] Result(BatchNorm2d model, Device device)
    {
        using TensorScope scope = new();
        Tensor y = model.Forward(TestData.Spread([2, 3, 2, 2], 9).ToTensor(device, DType.Float32));
        return [.. y.ToBytes(), .. model.Parameters.SelectMany(p => p.Value.ToBytes()), .. model.Buffers.SelectMany(b => b.Value.ToBytes())];
    }

    private static double[] Read(DType type, ulong seed)
    {
        using ParameterSlab slab = Draw(new FreeParameters(s_shapes), type, seed);
        return HostArray.Read(slab.Values);
    }

    private static ParameterSlab Draw(Module model, DType type, ulong seed = 5) =>
        ParameterSlab.Initialize(model, TestDevices.Primary, type, Initializer.Parse("normal=1"), seed);
}
