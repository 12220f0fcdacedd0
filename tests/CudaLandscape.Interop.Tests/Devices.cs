using System.Runtime.InteropServices;
using System.Text;

namespace CudaLandscape.Interop.Tests;

/// <summary>The device the tests run on, and softcuda's fault switch.</summary>
internal static unsafe class Devices
{
    /// <summary>The default device's context; skips the test where neither driver can be bound.</summary>
    internal static DeviceContext Open()
    {
        Require();
        return DeviceContext.Open(DeviceId.Default);
    }

    /// <summary>Skips the test where there is neither an NVIDIA device nor a libsoftcuda.so; one that is there must
    /// load.</summary>
    internal static void Require()
    {
        try
        {
            _ = NativeLibraryResolver.Bind(null);
        }
        catch (DeviceUnavailableException missing) when (IsAbsent(missing))
        {
            Skip.If(true, missing.Message);
        }
    }

    /// <summary>Skips the test unless softcuda is bound.</summary>
    internal static void RequireSoft()
    {
        Require();
        Skip.If(NativeLibraryResolver.Bind(null).Kind != DeviceKind.Soft, "softcuda is not bound");
    }

    /// <summary>The softcuda that a child process will find; skips the test where there is none.</summary>
    internal static string RequireSoftcudaFile()
    {
        LibraryChooser chooser = new(new SystemLibraryHost());
        try
        {
            return chooser.Choose(DeviceKind.Soft).Driver.Path;
        }
        catch (DeviceUnavailableException missing) when (IsAbsent(missing))
        {
            Skip.If(true, missing.Message);
            throw;
        }
    }

    /// <summary>Lets the n-th call of a function from now on fail with a status; disposing it ends that.</summary>
    internal static Fault FailCall(string function, int call, int status)
    {
        RequireSoft();
        Arm($"{function}:{call}:{status}");
        return new Fault();
    }

    /// <summary>Starts the check device's shuffles anew.</summary>
    internal static void Seed(ulong seed) => ((delegate* unmanaged<ulong, void>)Export("softcuda_set_seed"))(seed);

    /// <summary>Forgets the error that made a softcuda device unusable, which otherwise takes a new process.</summary>
    internal static void ForgetError(DeviceContext context) =>
        ((delegate* unmanaged<int, void>)Export("softcuda_forget_error"))(context.Id.Ordinal);

    private static bool IsAbsent(DeviceUnavailableException missing) => missing.Probes
        .Where(probe => probe.Library == "softcuda").All(probe => probe.Outcome == ProbeOutcome.Missing);

    private static void Arm(string text)
    {
        delegate* unmanaged<byte*, int> arm = (delegate* unmanaged<byte*, int>)Export("softcuda_set_fault");
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text + '\0'))
        {
            Assert.Equal(0, arm(bytes));
        }
    }

    private static nint Export(string name) =>
        NativeLibrary.GetExport(NativeLibraryResolver.Bind(null).Driver.Handle, name);

    /// <summary>An armed fault.</summary>
    internal readonly struct Fault : IDisposable
    {
        public void Dispose() => Arm("");
    }
}
