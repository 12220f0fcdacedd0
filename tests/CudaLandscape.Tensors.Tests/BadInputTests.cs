using CudaLandscape.Interop;
using CudaLandscape.Tensors.Tests.Table;

namespace CudaLandscape.Tensors.Tests;

[Collection("device")]
public sealed class BadInputTests
{
    public static TheoryData<string> Names => NamesOf(foundByDevice: false);

    public static TheoryData<string> NamesForDevice => NamesOf(foundByDevice: true);

    [Theory, MemberData(nameof(Names))]
    public void Refused_with_a_message_that_says_what_was_got(string name)
    {
        BadInputRow row = BadInputRow.All.Single(r => r.ToString() == name);
        long used = TestDevices.Primary.UsedBytes;
        using (TensorScope scope = new())
        {
            ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => row.Run(TestDevices.Primary));
            foreach (string part in row.Message) Assert.Contains(part, e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(used, TestDevices.Primary.UsedBytes);
    }

    // A launch on softcuda's fast device has ended when it returns, so it answers itself; the check device fails as a GPU does.
    [SkippableTheory, MemberData(nameof(NamesForDevice))]
    public void Fails_on_the_device(string name)
    {
        Softcuda.Require();
        BadInputRow row = BadInputRow.All.Single(r => r.ToString() == name);
        long used = TestDevices.Primary.UsedBytes;
        using (TensorScope scope = new())
        {
            Assert.Contains("719", Assert.Throws<CudaException>(() => row.Run(TestDevices.Primary)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(used, TestDevices.Primary.UsedBytes);
        using (TensorScope scope = new())
        {
            row.Run(TestDevices.Check);
            CudaException e = Assert.Throws<CudaException>(TestDevices.Check.Synchronize);
            Softcuda.ForgetError(TestDevices.Check.Id.Ordinal);
            foreach (string part in row.Message) Assert.Contains(part, e.Message, StringComparison.Ordinal);
        }
    }

    private static TheoryData<string> NamesOf(bool foundByDevice) =>
        [.. BadInputRow.All.Where(r => r.FoundByDevice == foundByDevice).Select(r => r.ToString())];
}
