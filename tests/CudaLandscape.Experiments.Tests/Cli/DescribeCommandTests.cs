using System.Text.Json.Nodes;
using CudaLandscape.Experiments.Cli;

namespace CudaLandscape.Experiments.Tests.Cli;

[Collection("device")]
public sealed class DescribeCommandTests
{
    [Theory]
    [InlineData(82_130, 67_600)]
    [InlineData(152_490, 67_600, "--bias", "neuron")]
    [InlineData(83_640, 6_760, "--bias", "neuron", "--t1", "10")]
    [InlineData(90_040, 6_760, "--conv2", "3x3s2", "--t1", "10", "--bias", "neuron")]
    public void The_totals_of_figure_1_follow_its_options(long parameters, long width, params string[] options)
    {
        (int code, string output, _) = Run(["describe", "figure1", "--json", .. options]);
        JsonNode json = JsonNode.Parse(output)!;
        Assert.Equal((0, parameters, width), (code, (long)json["parameters"]!, (long)json["widths"]![0]!));
        Assert.Equal(parameters, json["layers"]!.AsArray().Sum(l => (long)l!["parameters"]!));
        Assert.Equal(json["multiply_adds"]!.GetValue<long>(), json["layers"]!.AsArray().Sum(l => (long)l!["multiply_adds"]!));
        Assert.Equal([1, 28, 28], json["layers"]![0]!["inputs"]![0]!.AsArray().Select(s => (int)s!));
    }

    [Theory]
    [InlineData("cnn13", 179_840, 3_609_866)]
    [InlineData("cnn13", 204_928, 3_757_450, "--reading", "table")]
    [InlineData("vgg11", 151_808, 9_303_946, "--activation", "softplus")]
    [InlineData("vgg13", 250_112, 9_488_458)]
    [InlineData("vgg16", 276_736, 14_798_154)]
    [InlineData("vgg11", 183_040, 14_798_154, "--downsampling", "conv")]
    [InlineData("densenet121", 2_056_192, 6_956_298)]
    public void The_networks_of_iclr19_have_the_papers_counts(string name, long neurons, long parameters, params string[] options)
    {
        (int code, string output, _) = Run(["describe", name, "--json", .. options]);
        JsonNode json = JsonNode.Parse(output)!;
        Assert.Equal((0, neurons, parameters), (code, (long)json["hidden_neurons"]!, (long)json["parameters"]!));
        Assert.Equal((4 * parameters, 2 * (long)json["multiply_adds"]!), ((long)json["parameter_bytes"]!, (long)json["flop"]!));
        Assert.Equal(
            json["layers"]!.AsArray().Sum(l => 4 * l!["output"]!.AsArray().Aggregate(1L, (n, s) => n * (long)s!)), (long)json["output_bytes"]!);
    }

    [Fact]
    public void The_table_has_a_line_for_every_layer_and_the_totals()
    {
        (int code, string output, string errors) = Run("describe", "figure1");
        Assert.Equal((0, ""), (code, errors));
        foreach (string cell in (string[])["conv1", "[100,26,26]", "67,600", "608,400", "sigmoid1", "pool1", "conv2", "1,152,000", "flatten", "fc1", "fc2", "82,130", "1,833,400"])
            Assert.Contains(cell, output, StringComparison.Ordinal);
        Assert.Contains("widths: 67600, 16900, 2880, 720, 100, 10", output, StringComparison.Ordinal);
        string[] conv2 = output.Split('\n').Single(l => l.Contains("│ conv2", StringComparison.Ordinal)).Split('│', StringSplitOptions.TrimEntries);
        Assert.Equal(["", "conv2", "Conv2d", "[100,13,13]", "[20,12,12]", "2,880", "8,020", "1,152,000", ""], conv2);
    }

    [Theory]
    [InlineData("nearest: figure1", "figur")]
    [InlineData("nearest: figure1", "FIGURE-1")]
    [InlineData("--t1 must be a whole number from 1 to 1000000; got '0'", "figure1", "--t1", "0")]
    [InlineData("5x5", "figure1", "--conv2", "5x5")]
    [InlineData("--t1 is not for vgg11 but for figure1", "vgg11", "--t1", "3")]
    [InlineData("--activation is not for figure1 but for cnn13, vgg, densenet121", "figure1", "--activation", "softplus")]
    [InlineData("NET")]
    public void A_wrong_request_is_answered_with_2_and_what_would_be_good(string part, params string[] arguments)
    {
        (int code, string output, string errors) = Run(["describe", .. arguments]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(part, errors, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        (TextWriter output, TextWriter errors) = (Console.Out, Console.Error);
        StringWriter newOutput = new(), newErrors = new();
        Console.SetOut(newOutput);
        Console.SetError(newErrors);
        try
        {
            return (Application.Run(arguments), newOutput.ToString(), newErrors.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
    }
}
