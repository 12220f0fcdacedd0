namespace CudaLandscape.KernelStudy.Tests;

/// <summary>Every kernel of the engine is found in its source; what is claimed of it is a line that names it.</summary>
public sealed class SourcePlaceTests
{
    private static readonly SourcePlace s_sources = SourcePlace.Find() ?? throw new InvalidOperationException("native/kernels is not above this program");

    [SkippableFact]
    public void Every_kernel_has_a_line()
    {
        Skip.IfNot(TestDevices.HasCheckDevice, "softcuda knows its kernels' names; CUDA is bound here");
        string[] kernels = [.. Softcuda.Kernels()];
        Assert.NotEmpty(kernels);
        Assert.All(kernels, kernel => Assert.True(s_sources.OfKernel(kernel).Any(place => place.Contains(':')), kernel));
    }

    [Theory]
    [InlineData("elementwise_exp_f32", "unary_ops.cuh", "exp")]
    [InlineData("elementwise_add_f64", "binary_ops.cuh", "add")]
    [InlineData("pool2d_argmax_f32", "pool2d.cu", "pool2d_argmax")]
    [InlineData("reduce_max_abs_rows_f32", "reduce.cu", "reduce_##name##_rows")]
    public void The_line_names_the_kernel(string kernel, string file, string name)
    {
        string place = s_sources.OfKernel(kernel).Single(p => p.Contains(file + ":", StringComparison.Ordinal));
        Assert.Contains(name, Line(place), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_of_no_file_has_no_place() => Assert.Empty(s_sources.OfKernel("nothing_f32"));

    [SkippableFact]
    public void Every_op_has_a_file()
    {
        Skip.IfNot(HasSources, "the sources are not here");
        Assert.All(OpNames.All, op => Assert.NotNull(OpNames.SourceOf(op, s_sources)));
    }

    /// <summary>A bundle has the kernels' sources and no others.</summary>
    internal static bool HasSources => Directory.Exists(Path.Combine(s_sources.Root, "src"));

    private static string Line(string place)
    {
        string root = Path.GetDirectoryName(Path.GetDirectoryName(Root()))!;
        string[] parts = place.Split(':');
        return File.ReadAllLines(Path.Combine(root, parts[0]))[int.Parse(parts[1]) - 1];
    }

    private static string Root()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); ; at = at!.Parent)
            if (Directory.Exists(Path.Combine(at!.FullName, "native", "kernels"))) return Path.Combine(at.FullName, "native", "kernels");
    }
}
