namespace CudaLandscape.Interop.Tests;

public sealed class DeviceIdTests
{
    [Theory]
    [InlineData("cuda", DeviceKind.Cuda, 0)]
    [InlineData("cuda:0", DeviceKind.Cuda, 0)]
    [InlineData("cuda:12", DeviceKind.Cuda, 12)]
    [InlineData("soft", DeviceKind.Soft, 0)]
    [InlineData("soft:1", DeviceKind.Soft, 1)]
    [InlineData(" Soft:0 ", DeviceKind.Soft, 0)]
    public void Parse_reads_the_documented_forms(string text, DeviceKind kind, int ordinal) =>
        Assert.Equal(new DeviceId(kind, ordinal), DeviceId.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1:2")]
    [InlineData("soft:x")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:99999999999")]
    public void Parse_names_the_text_and_the_forms_it_wants(string text)
    {
        FormatException refused = Assert.Throws<FormatException>(() => DeviceId.Parse(text));
        Assert.Equal($"'{text}' names no device: say cuda, cuda:N, soft or soft:N, such as soft:0.", refused.Message);
    }

    [Theory]
    [InlineData("cuda", "cuda:0")]
    [InlineData("soft:1", "soft:1")]
    public void The_text_of_an_id_parses_to_itself(string text, string expected)
    {
        Assert.Equal(expected, DeviceId.Parse(text).ToString());
        Assert.Equal(DeviceId.Parse(text), DeviceId.Parse(expected));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_variable_names_no_device(string? text) => Assert.Null(DeviceId.FromEnvironment(text));

    [Fact]
    public void A_wrong_variable_is_named_in_the_report()
    {
        FormatException refused = Assert.Throws<FormatException>(() => DeviceId.FromEnvironment("tpu:0"));
        Assert.StartsWith("CUDALANDSCAPE_DEVICE: 'tpu:0' names no device", refused.Message);
    }
}
