namespace CudaLandscape.Tensors.Tests;

/// <summary>Memory of a tensor that is done with, lent to its device for new ones.</summary>
[Collection("device")]
public sealed class SpareMemoryTests
{
    private static readonly Device s_device = TestDevices.Primary;

    [SkippableFact]
    public void New_tensors_take_it_first_and_what_does_not_fit_comes_from_the_arena()
    {
        Skip.IfNot(s_device.Arena.Caches, "this device lends no memory");
        using TensorScope scope = new();
        Tensor done = Tensor.Zeros(s_device, [4096], DType.UInt8);
        ulong first = done.Address;
        long used = s_device.UsedBytes;
        using SpareMemory spare = SpareMemory.Lend(scope.Keep(done))!;
        Tensor a = Bytes(1000), b = Bytes(512), large = Bytes(3000);
        Assert.Equal((first, first + 1024), (a.Address, b.Address));
        Assert.False(large.Address - first < 4096);
        Assert.Equal((used + 3072, 4096 - 1536), (s_device.UsedBytes, spare.FreeBytes));
        Assert.Equal([7, 7], Tensor.From<byte>(s_device, [2], [7, 7]).ToArray<byte>());
    }

    // In any order: the pieces join again.
    [SkippableTheory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    public void What_is_given_back_can_be_taken_as_one(int one, int two, int three)
    {
        Skip.IfNot(s_device.Arena.Caches, "this device lends no memory");
        using TensorScope scope = new();
        Tensor done = Bytes(4096);
        ulong first = done.Address;
        using SpareMemory spare = SpareMemory.Lend(scope.Keep(done))!;
        Tensor[] parts = [Bytes(1024), Bytes(1024), Bytes(2048)];
        Assert.Equal(0, spare.FreeBytes);
        foreach (int i in (ReadOnlySpan<int>)[one, two, three]) parts[i].Dispose();
        Assert.Equal(first, Bytes(4096).Address);
    }

    [SkippableFact]
    public void It_stays_until_its_last_tensor_is_gone()
    {
        Skip.IfNot(s_device.Arena.Caches, "this device lends no memory");
        long before = s_device.UsedBytes;
        SpareMemory spare = SpareMemory.Lend(Bytes(4096))!;
        Tensor late = Bytes(100);
        spare.Dispose();
        using (Tensor next = Bytes(100)) Assert.Equal(before + 4096 + 512, s_device.UsedBytes);
        Assert.Equal(before + 4096, s_device.UsedBytes);
        late.Dispose();
        Assert.Equal(before, s_device.UsedBytes);
    }

    // Its replays come when somebody else may have the lent memory.
    [SkippableFact]
    public void A_recorded_step_has_memory_of_its_own()
    {
        Skip.IfNot(s_device.Arena.Caches, "this device lends no memory");
        using TensorScope scope = new();
        using SpareMemory spare = SpareMemory.Lend(scope.Keep(Bytes(4096)))!;
        List<long> free = [];
        using CapturedStep step = CapturedStep.Record(s_device, () =>
        {
            using Tensor zeros = Tensor.Zeros(s_device, [512], DType.UInt8);
            free.Add(spare.FreeBytes);
        });
        Assert.Equal([4096, 4096], free);
    }

    // Whoever looks for wrong accesses has to know every tensor's end.
    [SkippableFact]
    public void A_device_whose_tensors_have_memory_of_their_own_lends_none()
    {
        using Device check = Device.Open(TestDevices.Check.Id);
        Assert.Null(SpareMemory.Lend(Tensor.Zeros(check, [4096], DType.UInt8)));
        Assert.Equal((0, null), (check.UsedBytes, check.Spare));
    }

    private static Tensor Bytes(long count) => Tensor.Empty(s_device, [count], DType.UInt8);
}
