namespace CudaLandscape.Interop.Tests;

/// <summary>The check device's streams: what events do not order comes in any order, and errors come late and stay.</summary>
[Collection(DeviceCollection.Name)]
public sealed unsafe class StreamOrderTests
{
    [SkippableFact]
    public void Unordered_streams_show_both_orders_and_events_only_one()
    {
        using Lane lane = new("soft:1");
        using DeviceStream other = DeviceStream.Create(lane.Context);
        using DeviceEvent done = DeviceEvent.Create(lane.Context);
        HashSet<double> free = [], ordered = [];
        for (ulong seed = 0; seed < 40; seed++)
        {
            Devices.Seed(seed);
            lane.Fill(1, other);
            lane.Fill(2, lane.Stream);
            other.Synchronize();
            lane.Stream.Synchronize();
            _ = free.Add(lane.Read()[0]);
            lane.Fill(1, other);
            done.Record(other);
            lane.Stream.Wait(done);
            lane.Fill(2, lane.Stream);
            lane.Context.Synchronize();
            _ = ordered.Add(lane.Read()[0]);
        }

        Assert.Equal([1, 2], free.Order());
        Assert.Equal([2], ordered);
    }

    [SkippableFact]
    public void A_copy_to_the_host_shows_poison_until_it_has_run()
    {
        using Lane lane = new("soft:1");
        lane.Fill(4);
        double* target = stackalloc double[1];
        CudaDriverNative.cuMemcpyDtoHAsync_v2(target, lane.Data.Address, 8, lane.Stream.Handle).ThrowIfFailed();
        Assert.True(double.IsNaN(*target));
        lane.Stream.Synchronize();
        Assert.Equal(4, *target);
    }

    [SkippableFact]
    public void An_event_is_complete_once_its_work_has_run()
    {
        using Lane lane = new("soft:1");
        using DeviceEvent start = DeviceEvent.Create(lane.Context), end = DeviceEvent.Create(lane.Context);
        start.Record(lane.Stream);
        for (int i = 0; i < 5; i++) lane.Fill(i);
        end.Record(lane.Stream);
        int polls = 0;
        while (!end.IsComplete()) Assert.InRange(polls++, 0, 6);
        Assert.True(polls > 0);
        Assert.True(end.MillisecondsSince(start) >= 0);
    }

    [SkippableFact]
    public void An_illegal_address_is_told_by_the_next_synchronisation_and_stays()
    {
        using Lane lane = new("soft:1");
        lane.Fill(1, address: 64);
        Assert.Equal(700, Assert.Throws<CudaException>(lane.Stream.Synchronize).Status);
        Assert.Equal(700, Assert.Throws<CudaException>(() => lane.Fill(1)).Status);
        Assert.Equal(700, Assert.Throws<CudaException>(() => lane.Read()).Status);
        Devices.ForgetError(lane.Context);
        lane.Fill(3);
        Assert.Equal(3, lane.Read()[0]);
    }

    [SkippableFact]
    public void A_write_past_the_end_is_found_at_the_next_synchronisation()
    {
        using Lane lane = new("soft:1");
        using (DeviceMemory small = DeviceMemory.Allocate(lane.Context, 8 * (Lane.Count - 1)))
        {
            lane.Fill(1, address: small.Address);
            Assert.Equal(700, Assert.Throws<CudaException>(lane.Stream.Synchronize).Status);
            Devices.ForgetError(lane.Context);
        }

        Assert.Equal(700, Assert.Throws<CudaException>(() => lane.Fill(1)).Status);
        LiveHandles.Remove(nameof(DeviceMemory));
    }

    [SkippableFact]
    public void A_free_waits_for_what_uses_the_memory()
    {
        using Lane lane = new("soft:1");
        using (DeviceMemory other = DeviceMemory.Allocate(lane.Context, lane.Data.Bytes))
        {
            lane.Fill(6, address: other.Address);
            lane.Stream.CopyDeviceToDevice(lane.Data.Address, other.Address, lane.Data.Bytes);
        }

        Assert.Equal(6, lane.Read()[0]);
    }

    [SkippableFact]
    public void The_source_of_a_copy_to_the_device_may_change_at_once()
    {
        using Lane lane = new("soft:1");
        double value = 8;
        lane.Stream.CopyHostToDevice(lane.Data.Address, &value, 8);
        value = 0;
        Assert.Equal(8, lane.Read()[0]);
    }

    [SkippableFact]
    public void A_pointer_between_elements_is_a_misaligned_address()
    {
        using Lane lane = new("soft:1");
        lane.Fill(1, address: lane.Data.Address + 4);
        Assert.Equal(716, Assert.Throws<CudaException>(lane.Stream.Synchronize).Status);
        Devices.ForgetError(lane.Context);
    }
}
