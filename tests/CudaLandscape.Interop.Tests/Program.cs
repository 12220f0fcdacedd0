namespace CudaLandscape.Interop.Tests;

/// <summary>
/// What a test runs in a process of its own, because a process binds one driver only: opens the devices named on the
/// command line one after the other, loads the kernels there, and prints what became of each. After the word "touch" the
/// host reads the memory of the next device, which may end the process; after "close" it asks for the context of a device that
/// nobody holds any more; the word "ranges" begins and ends some ranges.
/// </summary>
internal static class Program
{
    private static int Main(string[] devices)
    {
        if (devices is ["touch", string touched])
        {
            Touch(DeviceId.Parse(touched));
            return 0;
        }

        if (devices is ["close", string closed])
        {
            Console.WriteLine(MadeCurrentAfterClosing(DeviceId.Parse(closed)));
            return 0;
        }

        if (devices is ["ranges"])
        {
            Ranges();
            return 0;
        }

        foreach (string device in devices)
        {
            Console.WriteLine(Outcome(device));
        }

        return 0;
    }

    private static unsafe void Touch(DeviceId id)
    {
        using DeviceContext context = DeviceContext.Open(id);
        using DeviceMemory memory = DeviceMemory.Allocate(context, 1000);
        Console.WriteLine(((byte*)memory.Address)[100]);
    }

    private static CudaResult MadeCurrentAfterClosing(DeviceId id)
    {
        nint native;
        using (DeviceContext context = DeviceContext.Open(id)) native = context.DangerousGetHandle();
        return CudaDriverNative.cuCtxSetCurrent(native);
    }

    private static void Ranges()
    {
        using (ProfilerRange.IsOn ? new ProfilerRange("outer") : default)
        {
            for (int i = 0; i < 2; i++)
            {
                using ProfilerRange inner = ProfilerRange.IsOn ? new ProfilerRange("inner α") : default;
            }
        }

        Console.WriteLine(ProfilerRange.Status);
    }

    private static string Outcome(string device)
    {
        try
        {
            DeviceId id = device == "default" ? DeviceId.Default : DeviceId.Parse(device);
            using DeviceContext context = DeviceContext.Open(id);
            using KernelModule module = KernelModule.LoadBuiltIn(context);
            return $"opened {context.Id}, kernels of {Path.GetFileName(module.ImagePath)}";
        }
        catch (Exception failure) when (failure is DeviceUnavailableException or FormatException or CudaException)
        {
            return $"{failure.GetType().Name}: {failure.Message}";
        }
    }
}
