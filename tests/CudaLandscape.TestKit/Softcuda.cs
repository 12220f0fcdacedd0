using System.Runtime.InteropServices;
using System.Text;
using CudaLandscape.Interop;
using Xunit;

namespace CudaLandscape.TestKit;

/// <summary>softcuda's switches for tests: faults, dropped barriers, seeds, and what its kernels have done.</summary>
public static unsafe partial class Softcuda
{
    // Found once: to ask for it calls the driver, which a test may just have made fail.
    private static readonly Lazy<nint> s_library = new(() =>
        NativeLibrary.Load(NativeLibraries.Describe().Single(library => library.Library == "driver").Path));

    /// <summary>Skips the test unless softcuda is bound.</summary>
    public static void Require() => Skip.IfNot(DeviceId.Default.Kind == DeviceKind.Soft, "softcuda is not bound");

    /// <summary>The kernels of the check device that have barriers.</summary>
    public static IReadOnlyList<string> BlockKernels => [.. Kernels().Where(name => BarrierCount(name) >= 0)];

    /// <summary>How many barriers of the kernel launches have reached so far; -1 for a kernel declared without.</summary>
    public static int BarrierCount(string kernel) =>
        WithText(kernel, text => ((delegate* unmanaged<byte*, int>)Export("softcuda_barrier_count"))((byte*)text));

    /// <summary>How often the kernel has run on the check device.</summary>
    public static long LaunchCount(string kernel) =>
        WithText(kernel, text => ((delegate* unmanaged<byte*, long>)Export("softcuda_launch_count"))((byte*)text));

    /// <summary>Starts the check device's shuffles anew.</summary>
    public static void Seed(ulong seed) => ((delegate* unmanaged<ulong, void>)Export("softcuda_set_seed"))(seed);

    /// <summary>Drops the n-th barrier of a kernel on the check device until it is disposed.</summary>
    public static Switch DropBarrier(string kernel, int number) => new("softcuda_set_drop_barrier", $"{kernel}:{number}");

    /// <summary>Lets the n-th call of a function from now on fail with a status, until it is disposed.</summary>
    public static Switch FailCall(string function, int call, int status) => new("softcuda_set_fault", $"{function}:{call}:{status}");

    /// <summary>How often each function of the driver, cuBLAS and cuSOLVER has been called so far.</summary>
    public static Dictionary<string, long> Calls()
    {
        Dictionary<string, long> calls = [];
        long count = 0;
        delegate* unmanaged<int, long*, byte*> function = (delegate* unmanaged<int, long*, byte*>)Export("softcuda_called_function");
        for (int i = 0; Marshal.PtrToStringUTF8((nint)function(i, &count)) is { } name; i++) calls[name] = count;
        return calls;
    }

    /// <summary>Forgets the error that made a device unusable, which otherwise takes a new process.</summary>
    public static void ForgetError(int device) => ((delegate* unmanaged<int, void>)Export("softcuda_forget_error"))(device);

    /// <summary>The names of all kernels of the check device.</summary>
    public static IEnumerable<string> Kernels()
    {
        for (int i = 0; KernelName(i) is { } name; i++) yield return name;
    }

    private static string? KernelName(int index) =>
        Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<int, int, byte*>)Export("softcuda_kernel_name"))(1, index));

    private static T WithText<T>(string text, Func<nint, T> call)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text + '\0')) return call((nint)bytes);
    }

    private static nint Export(string name)
    {
        Require();
        return NativeLibrary.GetExport(s_library.Value, name);
    }

    /// <summary>A setting of softcuda that ends when it is disposed.</summary>
    public sealed class Switch : IDisposable
    {
        private readonly string _setter;

        internal Switch(string setter, string text)
        {
            _setter = setter;
            Set(text);
        }

        public void Dispose() => Set("");

        private void Set(string text) =>
            Assert.Equal(0, WithText(text, bytes => ((delegate* unmanaged<byte*, int>)Export(_setter))((byte*)bytes)));
    }
}
