using CudaLandscape.Interop;
using CudaLandscape.Tensors;
using Xunit;

namespace CudaLandscape.TestKit;

/// <summary>
/// The devices tests run on: the default one (cuda:0 or soft:0) and the check device (soft:1), which a machine with an
/// NVIDIA driver bound does not have; tests that need it are then skipped, visibly.
/// </summary>
public static class TestDevices
{
    private static readonly Lazy<Device> s_primary = new(() => Device.Open(DeviceId.Default));
    private static readonly Lazy<Device> s_check = new(() => Device.Open(new DeviceId(DeviceKind.Soft, 1)));

    /// <summary>Names for <c>[MemberData]</c>.</summary>
    public static TheoryData<string> Names => ["primary", "check"];

    public static Device Primary => s_primary.Value;

    public static bool HasCheckDevice => DeviceId.Default.Kind == DeviceKind.Soft;

    public static Device Check
    {
        get
        {
            Skip.IfNot(HasCheckDevice, "the check device is softcuda's; CUDA is bound here");
            return s_check.Value;
        }
    }

    public static Device Get(string name) => name == "check" ? Check : Primary;
}
