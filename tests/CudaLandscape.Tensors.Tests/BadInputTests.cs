using CudaLandscape.Tensors.Tests.Table;

namespace CudaLandscape.Tensors.Tests;

[Collection("device")]
public sealed class BadInputTests
{
    public static TheoryData<string> Names => [.. BadInputRow.All.Select(r => r.ToString())];

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
}
