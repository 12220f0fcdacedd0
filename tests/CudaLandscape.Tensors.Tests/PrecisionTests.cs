using CudaLandscape.Tensors.Ops;

namespace CudaLandscape.Tensors.Tests;

/// <summary>One setting for matrix products and convolutions, and which variant it leads to.</summary>
[Collection("device")]
public sealed class PrecisionTests
{
    [Theory]
    [InlineData(null, Precision.Float32)]
    [InlineData("", Precision.Float32)]
    [InlineData("float32", Precision.Float32)]
    [InlineData("tf32x3", Precision.Tf32x3)]
    [InlineData("tf32", Precision.Tf32)]
    public void The_environment_names_it(string? text, object expected) => Assert.Equal(expected, PrecisionSetting.Parse(text));

    [Fact]
    public void Another_name_is_refused()
    {
        FormatException e = Assert.Throws<FormatException>(() => PrecisionSetting.Parse("TF64"));
        Assert.Contains("CUDALANDSCAPE_PRECISION: 'TF64'", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Setting_it_sets_the_mode_of_cuBLAS()
    {
        Softcuda.Require();
        Device device = TestDevices.Check;
        long before = Softcuda.Calls()["cublasSetMathMode"];
        try
        {
            device.Precision = Precision.Tf32;
            Assert.Equal(Precision.Tf32, device.Precision);
        }
        finally
        {
            device.Precision = Precision.Float32;
        }

        Assert.Equal(before + 2, Softcuda.Calls()["cublasSetMathMode"]);
    }

    [SkippableTheory]
    [InlineData(Precision.Float32, "conv2d_fprop_f32")]
    [InlineData(Precision.Tf32, "conv2d_fprop_tf32_")]
    [InlineData(Precision.Tf32x3, "conv2d_fprop_tf32x3_")]
    public void A_convolution_takes_a_kernel_of_the_devices_precision(object precision, string kernel)
    {
        Softcuda.Require();
        Device device = TestDevices.Check;
        Tensor x = TestData.Spread([1, 1, 5, 5], 1).ToTensor(device, DType.Float32), w = TestData.Spread([1, 1, 3, 3], 2).ToTensor(device, DType.Float32);
        using (x)
        using (w)
        {
            try
            {
                device.Precision = (Precision)precision;
                Dictionary<string, long> before = device.Kernels.ToDictionary(k => k.Name, k => k.LaunchCount);
                x.Conv2d(w).Dispose();
                string launched = device.Kernels.Single(k => k.LaunchCount > before.GetValueOrDefault(k.Name)).Name;
                Assert.StartsWith(kernel, launched, StringComparison.Ordinal);
            }
            finally
            {
                device.Precision = Precision.Float32;
            }
        }
    }

    [Fact]
    public void The_table_answers_for_every_pass_and_precision()
    {
        foreach (Precision precision in (Precision[])[Precision.Tf32, Precision.Tf32x3])
        {
            foreach (Conv2dKind kind in Enum.GetValues<Conv2dKind>())
            {
                Conv2dVariant variant = Conv2dChoice.Nearest(precision, new Conv2dProduct(kind, 3, 5, 7));
                Assert.True(variant.Precision == precision || variant == Conv2dVariant.Plain);
            }
        }
    }

    [Fact]
    public void A_row_of_the_table_answers_for_its_own_product() =>
        Assert.All(Conv2dTable.Rows, row => Assert.Equal(row.Variant, Conv2dChoice.Nearest(row.Precision, row.Product)));

    [Fact]
    public void Sizes_that_tensor_cores_do_not_take_are_known()
    {
        Assert.True(new Conv2dSize("test", [128, 64, 32, 32], 3, 3, 1, 1).FitsTensorCores(64));
        Assert.True(new Conv2dSize("test", [1, 1, 16, 16], 15, 15, 1, 1).FitsTensorCores(1));
        Assert.False(new Conv2dSize("test", [1, 1, 16, 16], 16, 1, 1, 1).FitsTensorCores(1));
        Assert.False(new Conv2dSize("test", [1, 1, 16, 16], 1, 16, 1, 1).FitsTensorCores(1));
        Assert.False(new Conv2dSize("test", [1, 1, 20000, 3], 3, 3, 1, 1).FitsTensorCores(64));
        Assert.False(new Conv2dSize("test", [2000000, 1, 32, 32], 3, 3, 1, 1).FitsTensorCores(1));
        Assert.False(new Conv2dSize("test", [1, 100000, 128, 128], 1, 1, 1, 0).FitsTensorCores(1));
        Assert.False(new Conv2dSize("test", [1, 1, 256, 256], 1, 1, 1, 0).FitsTensorCores(20000));
        Assert.False(new Conv2dSize("test", [1, 40000, 3, 3], 3, 3, 1, 0).FitsTensorCores(40000));
        Assert.False(new Conv2dSize("test", [1, 1, 3, 3], 1, 1, 20000, 0).FitsTensorCores(1));
        Assert.False(new Conv2dSize("test", [1, 1, 3, 3], 1, 1, 20000, 20000).FitsTensorCores(1));
    }

    // An eighth less is taken.
    [Theory]
    [InlineData(1, 32768, 32768, 1, 0, 1, "a plane has 1073741824 pixels")]
    [InlineData(1, 20000, 20000, 1, 10000, 1, "a plane has 1600000000 pixels")]
    [InlineData(120000000, 3, 3, 3, 0, 1, "an entry of a result 1080000000 products")]
    [InlineData(1, 3, 3, 3, 0, 120000000, "an entry of a result 1080000000 products")]
    public void Sizes_beyond_what_the_kernels_number_are_refused(long channels, long height, long width, long kernel, int pad, long filters, string named)
    {
        Conv2dSize size = new("test", [1, channels, height, width], kernel, kernel, 1, pad);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => size.RequireCountable("conv2d", filters));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("must be below 1073741824", refused.Message, StringComparison.Ordinal);
        new Conv2dSize("test", [1, channels - channels / 8, height, width - width / 8], kernel, kernel, 1, pad / 2).RequireCountable("conv2d", filters - filters / 8);
    }

    [Fact]
    public void A_group_of_positions_is_numbered_by_32_bits()
    {
        Assert.InRange(Conv2dVariant.Plain.GroupPositions(depth: 1 << 28, filters: 1, positions: 1L << 40), 256, 1L << 29);
        Assert.Equal(0, Conv2dVariant.Plain.GroupPositions(depth: 1 << 28, filters: 1, positions: 1L << 40) % 256);
    }
}
