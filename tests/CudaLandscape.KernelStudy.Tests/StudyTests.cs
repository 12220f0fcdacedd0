using System.Text.Json;
using CudaLandscape.Tensors;

namespace CudaLandscape.KernelStudy.Tests;

/// <summary>The commands, and that a wrong result is found.</summary>
[Collection("device")]
public sealed class StudyTests
{
    private static readonly double[] s_three = [1, 2, 3];

    [Fact]
    public void A_result_that_is_off_is_wrong_and_the_row_is_named()
    {
        OpRow Row(double factor, Func<double, double> formula) => new("square", $"factor {factor}", [new HostArray([3], s_three)],
            x => x[0].Square().Scale(factor), x => new HostArray([3], Array.ConvertAll(x[0].Values, v => formula(v))));
        OpCheck check = OpCheck.Of([Row(1, v => v * v), Row(1.001, v => v * v), Row(1, v => double.NaN)], TestDevices.Primary);
        Assert.Equal(["square factor 1.001", "square factor 1"], check.Wrong);
        Assert.Equal(3, check.Rows);
        Assert.True(check.Worst64 > 1 && check.Worst32 > 1);
    }

    [Fact]
    public void An_op_is_found_by_its_kernels()
    {
        Assert.Equal(["softmax"], OpNames.Find("softmax_rows", TestDevices.Primary));
        Assert.Equal(["softmax"], OpNames.Find("softmax", TestDevices.Primary));
        Assert.Contains("max_pool2d_indices", OpNames.Find("pool2d_argmax_f64", TestDevices.Primary));
        ArgumentException refused = Assert.Throws<ArgumentException>(() => OpNames.Find("softmix", TestDevices.Primary));
        Assert.Contains("softmix", refused.Message, StringComparison.Ordinal);
        Assert.Contains("softmax", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_without_an_op_is_right_and_its_kernels_are_found()
    {
        Assert.All(PlainWork.All, work => Assert.Empty(work.Check(TestDevices.Primary).Wrong));
        foreach (string kernel in (string[])["random_uniform_f32", "random_normal_f64", "random_truncated_normal_f32", "permutation_fill", "optimizer_sgd", "optimizer_adam_f32"])
            Assert.NotNull(OpNames.WithoutOp(Assert.Single(OpNames.Find(kernel, TestDevices.Primary))));
    }

    [Fact]
    public void Kernel_says_where_it_is_checks_it_and_times_it()
    {
        (int code, string output) = Run("kernel", "relu", "--sizes", "64", "--seconds", "0.05", "--types", "f32");
        Assert.Equal(0, code);
        if (SourcePlaceTests.HasSources) Assert.Contains("op relu: src/CudaLandscape.Tensors/Ops/Relu.cs", output, StringComparison.Ordinal);
        Assert.Contains("native/include/unary_ops.cuh:", output, StringComparison.Ordinal);
        Assert.Contains(": right", output, StringComparison.Ordinal);
        Assert.Matches(@"\| relu \[n,n\] +\| Float32 \| +64 \| +[0-9.]+ \|", output);
    }

    [Theory]
    [InlineData("figure1_gradient")]
    [InlineData("figure1_reduce_f64")]
    public void A_kernel_without_an_op_is_described(string kernel)
    {
        (int code, string output) = Run("kernel", kernel);
        Assert.Equal(0, code);
        Assert.Matches($"kernel {kernel}[a-z0-9_]*: native/kernels/figure1.cu:[0-9]+", output);
        Assert.Contains("mnist_step.py", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_profilers_line_names_the_kernels()
    {
        (int code, string output) = Run("kernel", "softmax", "--ncu");
        Assert.Equal(0, code);
        Assert.Contains("ncu --set full --kernel-name 'regex:^(softmax_rows_f32|softmax_rows_f64)$'", output, StringComparison.Ordinal);
        Assert.Equal(0, Run("kernel", "softmax", "--once").Code);
    }

    [Fact]
    public void Ceilings_are_numbers_above_zero()
    {
        string file = Path.GetTempFileName();
        try
        {
            (int code, string output) = Run("ceilings", "--n", "64", "--seconds", "0.02", "--json", file);
            Assert.Equal(0, code);
            Dictionary<string, double> found = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(file))!;
            Assert.All(found, pair => Assert.True(pair.Value > 0 && double.IsFinite(pair.Value), $"{pair}"));
            foreach (string name in (string[])["copy by a kernel, GB/s", "float32 product with TF32 n=64, GFLOP/s", "graph node in a chain, µs"])
                Assert.True(found.ContainsKey(name) && output.Contains(name, StringComparison.Ordinal), name);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("kernel", "nonsense")]
    [InlineData("kernel", "relu", "--types", "f16")]
    [InlineData("kernel", "relu", "--shapes", "vgg11")]
    [InlineData("kernel", "conv2d", "--shapes", "vgg12")]
    [InlineData("roofline", "--op", "nonsense")]
    public void Bad_options_are_refused(params string[] arguments) => Assert.Equal(2, Run(arguments).Code);

    [Theory]
    [InlineData("kernel", "--sizes", "a list such as 1000,4000, of which each is a whole number from 1 to 1000000000 and none comes twice", "0", "4,8,4", "64,x", "1,,2", "-1", "1e3", "99999999999")]
    [InlineData("kernel", "--noise", "a finite number above 0", "0", "-1", "nan", "inf", "1e999", "0,5", "x", "")]
    [InlineData("roofline", "--seconds", "a finite number above 0", "0", "-1", "nan", "inf", "1e999", "0,5", "x", "")]
    [InlineData("ceilings", "--n", "a whole number from 1 to 100000", "0", "-1", "100001", "1.5", "x", "")]
    public void A_number_out_of_range_is_answered_with_option_range_and_value(string command, string option, string range, params string[] values)
    {
        foreach (string value in values)
        {
            (int code, _, string errors) = RunWithErrors(command, option, value);
            Assert.Equal(2, code);
            Assert.Contains($"error: {option} must be {range}; got '{value}'.", errors, StringComparison.Ordinal);
        }
    }

    internal static (int Code, string Output) Run(params string[] arguments)
    {
        (int code, string output, _) = RunWithErrors(arguments);
        return (code, output);
    }

    internal static (int Code, string Output, string Errors) RunWithErrors(params string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        StringWriter written = new(), said = new();
        try
        {
            Console.SetOut(written);
            Console.SetError(said);
            return (Study.Run(arguments), written.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
