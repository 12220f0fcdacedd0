using CudaLandscape.Interop;

namespace CudaLandscape.Tensors.Tests;

/// <summary>The switch that gives every tensor an allocation of its own, for memory checkers.</summary>
[Collection("device")]
public sealed class MemoryCacheTests
{
    [Theory]
    [InlineData("on", 512)]
    [InlineData("off", 12)]
    public void A_tensor_without_the_cache_has_an_allocation_of_exactly_its_size(string text, long bytes)
    {
        string? before = Environment.GetEnvironmentVariable(MemoryCache.Variable);
        Environment.SetEnvironmentVariable(MemoryCache.Variable, text);
        try
        {
            using Device device = Device.Open(DeviceId.Default);
            using (TensorScope scope = new())
            {
                Assert.Equal([0, 0, 0], Tensor.Zeros(device, [3], DType.Float32).ToArray<float>());
                Assert.Equal(bytes, device.UsedBytes);
            }

            Assert.Equal(text == "on" ? 512 : 0, device.CachedBytes);
        }
        finally
        {
            Environment.SetEnvironmentVariable(MemoryCache.Variable, before);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("on", true)]
    [InlineData("off", false)]
    public void The_switch_is_on_unless_it_says_off(string? text, bool on) => Assert.Equal(on, MemoryCache.Parse(text));

    [Fact]
    public void Another_word_is_refused() => Assert.Equal(
        "CUDALANDSCAPE_MEMORY_CACHE: '0' is neither 'on' nor 'off'.",
        Assert.Throws<FormatException>(() => MemoryCache.Parse("0")).Message);
}
