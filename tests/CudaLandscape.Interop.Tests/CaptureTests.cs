namespace CudaLandscape.Interop.Tests;

/// <summary>Stream capture on both of softcuda's devices, and what it refuses as a GPU does.</summary>
[Collection(DeviceCollection.Name)]
public sealed unsafe class CaptureTests
{
    public static TheoryData<string> Both => ["soft:0", "soft:1"];

    [SkippableTheory, MemberData(nameof(Both))]
    public void A_graph_runs_what_was_recorded_as_often_as_it_is_launched(string device)
    {
        using Lane lane = new(device);
        using CublasHandle blas = CublasHandle.Create(lane.Stream);
        using DeviceMemory copy = DeviceMemory.Allocate(lane.Context, lane.Data.Bytes);
        lane.Fill(5);
        lane.Stream.BeginCapture();
        Assert.Equal(CaptureStatus.Active, lane.Stream.GetCaptureStatus());
        blas.Scal(Lane.Count, 3, lane.Data.Address, 1, ScalarType.Float64);
        lane.Stream.CopyDeviceToDevice(copy.Address, lane.Data.Address, 8);
        lane.Stream.CopyDeviceToDevice(lane.Data.Address + 8, copy.Address, 8);
        lane.Stream.Fill8(lane.Data.Address + 16, 0, 8);
        using CapturedGraph graph = lane.Stream.EndCapture();
        Assert.Equal(CaptureStatus.None, lane.Stream.GetCaptureStatus());
        Assert.All(lane.Read(), value => Assert.Equal(5, value));
        graph.Launch(lane.Stream);
        graph.Launch(lane.Stream);
        Assert.Equal([45, 45, 0, 45], lane.Read()[..4]);
    }

    [SkippableTheory, MemberData(nameof(Both))]
    public void Arguments_of_a_launch_are_copied(string device)
    {
        using Lane lane = new(device);
        lane.Stream.BeginCapture();
        lane.Fill(7);
        using CapturedGraph graph = lane.Stream.EndCapture();
        lane.Fill(1);
        graph.Launch(lane.Stream);
        Assert.All(lane.Read(), value => Assert.Equal(7, value));
    }

    [SkippableTheory, MemberData(nameof(Both))]
    public void What_cannot_be_recorded_throws_and_invalidates(string device)
    {
        using Lane lane = new(device);
        using DeviceEvent mark = DeviceEvent.Create(lane.Context);
        using CublasHandle blas = CublasHandle.Create(lane.Stream);
        double number = 1;
        double* host = &number;
        Refused(lane, 900, lane.Stream.Synchronize);
        Refused(lane, 900, lane.Context.Synchronize);
        Refused(lane, 900, () => DeviceMemory.Allocate(lane.Context, 8));
        Refused(lane, 900, () => lane.Stream.CopyHostToDevice(lane.Data.Address, host, 8));
        Refused(lane, 900, () => lane.Stream.CopyDeviceToHost(host, lane.Data.Address, 8));
        Refused(lane, 905, () => lane.Stream.Wait(mark));
        Refused(lane, 907, () => { mark.Record(lane.Stream); mark.Synchronize(); });
        Refused(lane, 906, () => CudaDriverNative.cuMemcpyHtoD_v2(lane.Data.Address, host, 8).ThrowIfFailed());
        Refused(lane, 906, () => CudaDriverNative.cuMemsetD8Async(lane.Data.Address, 0, 8, 0).ThrowIfFailed());
        Refused(lane, 13, () => blas.Nrm2(Lane.Count, lane.Data.Address, 1, ScalarType.Float64));
        lane.Fill(2);
        Assert.All(lane.Read(), value => Assert.Equal(2, value));
    }

    [SkippableTheory, MemberData(nameof(Both))]
    public void Memory_freed_while_recording_is_refused_and_stays(string device)
    {
        using Lane lane = new(device);
        DeviceMemory memory = DeviceMemory.Allocate(lane.Context, 8);
        lane.Stream.BeginCapture();
        memory.Dispose();
        CudaException late = Assert.Throws<CudaException>(() => lane.Fill(1));
        Assert.Equal(900, late.Status);
        Assert.Equal(901, Assert.Throws<CudaException>(lane.Stream.EndCapture).Status);
        LiveHandles.Remove(nameof(DeviceMemory));
    }

    [SkippableTheory, MemberData(nameof(Both))]
    public void Relaxed_recording_allows_allocation(string device)
    {
        using Lane lane = new(device);
        lane.Stream.BeginCapture(CaptureMode.Relaxed);
        DeviceMemory.Allocate(lane.Context, 8).Dispose();
        lane.Stream.EndCapture().Dispose();
    }

    [SkippableTheory, MemberData(nameof(Both))]
    public void Recordings_begin_and_end_in_pairs(string device)
    {
        using Lane lane = new(device);
        Assert.Equal(401, Assert.Throws<CudaException>(lane.Stream.EndCapture).Status);
        lane.Stream.BeginCapture();
        Assert.Equal(401, Assert.Throws<CudaException>(() => lane.Stream.BeginCapture()).Status);
        lane.Stream.EndCapture().Dispose();
    }

    [SkippableTheory, MemberData(nameof(Both))]
    public void Another_stream_joins_by_events_and_must_come_back(string device)
    {
        using Lane lane = new(device);
        using DeviceStream other = DeviceStream.Create(lane.Context);
        using DeviceEvent fork = DeviceEvent.Create(lane.Context), join = DeviceEvent.Create(lane.Context);
        foreach (bool joined in new[] { true, false })
        {
            lane.Stream.BeginCapture();
            fork.Record(lane.Stream);
            other.Wait(fork);
            lane.Fill(9, other);
            join.Record(other);
            if (joined)
            {
                lane.Stream.Wait(join);
                using CapturedGraph graph = lane.Stream.EndCapture();
                graph.Launch(lane.Stream);
                Assert.All(lane.Read(), value => Assert.Equal(9, value));
            }
            else
            {
                Assert.Equal(904, Assert.Throws<CudaException>(lane.Stream.EndCapture).Status);
                Assert.Equal(CaptureStatus.None, other.GetCaptureStatus());
            }
        }
    }

    [SkippableTheory, MemberData(nameof(Both))]
    public void A_graph_whose_memory_is_gone_is_an_illegal_address(string device)
    {
        using Lane lane = new(device);
        DeviceMemory gone = DeviceMemory.Allocate(lane.Context, lane.Data.Bytes);
        lane.Stream.BeginCapture();
        lane.Fill(1, address: gone.Address);
        using CapturedGraph graph = lane.Stream.EndCapture();
        gone.Dispose();
        CudaException failure = Assert.Throws<CudaException>(() =>
        {
            graph.Launch(lane.Stream);
            lane.Stream.Synchronize();
        });
        Assert.Equal(700, failure.Status);
        Devices.ForgetError(lane.Context);
    }

    private static void Refused(Lane lane, int status, Action call)
    {
        lane.Stream.BeginCapture();
        Assert.Equal(status, Assert.Throws<CudaException>(call).Status);
        Assert.Equal(CaptureStatus.Invalidated, lane.Stream.GetCaptureStatus());
        Assert.Equal(901, Assert.Throws<CudaException>(() => lane.Fill(1)).Status);
        Assert.Equal(901, Assert.Throws<CudaException>(lane.Stream.EndCapture).Status);
    }

    private static void Refused(Lane lane, int status, Func<object> call) => Refused(lane, status, () => { _ = call(); });
}
