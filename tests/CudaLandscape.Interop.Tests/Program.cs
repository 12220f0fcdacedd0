namespace CudaLandscape.Interop.Tests;

/// <summary>
/// What a test runs in a process of its own, because a process binds one driver only: opens the devices named on the
/// command line one after the other, loads the kernels there, and prints what became of each.
/// </summary>
internal static class Program
{
    private static int Main(string[] devices)
    {
        foreach (string device in devices)
        {
            Console.WriteLine(Outcome(device));
        }

        return 0;
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
