using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests;

/// <summary>The tape as a whole: sums of paths, what is recorded, and exact Hessian-vector products.</summary>
[Collection("device")]
public sealed class GradientTests
{
    private static Device Device => TestDevices.Primary;

    [Fact]
    public void Gradients_of_several_paths_add_up()
    {
        using TensorScope scope = new();
        Tensor x = Scalar(3).RequireGradient();
        Tensor y = x * x + x * x * x + x;
        Assert.Equal(2 * 3 + 3 * 9 + 1, Gradient.Of(y, x).Item(), 1e-12);
    }

    [Fact]
    public void A_tensor_y_does_not_depend_on_gets_zeros()
    {
        using TensorScope scope = new();
        Tensor x = Scalar(3).RequireGradient(), other = Vector(1, 2).RequireGradient();
        Assert.Equal([0.0, 0.0], Gradient.Of(x * x, [x, other])[1].ToArray<double>());
    }

    // The sum's gradient is one tensor for x and w; a share that x gets in place would reach w as well.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_share_added_in_place_reaches_no_other_tensor(bool createGraph)
    {
        using TensorScope scope = new();
        using IndexSet second = IndexSet.From(Device, [1], [1], 2);
        Tensor x = Vector(1, 2).Reshape([1, 2]).Detach().RequireGradient(), w = Vector(5, 6).Reshape([1, 2]).Detach().RequireGradient();
        Tensor v = Tensor.From<double>(Device, [1, 1], [10]).RequireGradient();
        Tensor y = x.SkipReadout(v, second).Sum() + (x + w).Scale(3).Sum();
        Tensor[] gradients = Gradient.Of(y, [x, w, v], createGraph: createGraph);
        Assert.Equal([3.0, 13], gradients[0].ToArray<double>());
        Assert.Equal([3.0, 3], gradients[1].ToArray<double>());
        Assert.Equal([2.0], gradients[2].ToArray<double>());
    }

    // Two shares of one layer, of which the first is added to what the second has written; neurons close together and far apart.
    [Theory]
    [InlineData(7, new[] { 0, 2, 5 }, new[] { 2, 6 })]
    [InlineData(70, new[] { 3, 33, 66 }, new[] { 20, 22 })]
    public void Shares_added_in_place_are_those_of_a_recorded_pass(int size, int[] first, int[] second)
    {
        using TensorScope scope = new();
        using IndexSet some = IndexSet.From(Device, [first.Length], first, size), others = IndexSet.From(Device, [second.Length], second, size);
        Tensor x = TestData.Spread([4, size], 1).ToTensor(Device, DType.Float64).RequireGradient();
        Tensor v = TestData.Spread([12, 5], 2).ToTensor(Device, DType.Float64).RequireGradient();
        Tensor y = x.SkipReadout(v, others, first.Length, x.SkipReadout(v, some)).Square().Sum();
        Tensor[] inPlace = Gradient.Of(y, [x, v]), recorded = Gradient.Of(y, [x, v], createGraph: true);
        Assert.Equal(recorded[0].ToArray<double>(), inPlace[0].ToArray<double>());
        Assert.Equal(recorded[1].ToArray<double>(), inPlace[1].ToArray<double>());
    }

    // Its rule clears channels of dy in place, but not of a gradient that is asked for, and not of the caller's dy.
    [Fact]
    public void Writing_channels_leaves_gradients_that_others_have()
    {
        using TensorScope scope = new();
        Tensor x = Vector(1, 2).Reshape([1, 2]).Detach().RequireGradient(), part = Vector(9).Reshape([1, 1]).Detach().RequireGradient();
        Tensor y = x.Scale(2).WriteChannels(part.Scale(3), 1), dy = Vector(5, 7).Reshape([1, 2]).Detach();
        Assert.Equal([2.0, 27], y.ToArray<double>());
        Tensor[] seeded = Gradient.Of(y, [x, part], dy), inside = Gradient.Of((y * dy).Sum(), [x, part, y]), last = Gradient.Of((y * dy).Sum(), [x, part]);
        Assert.Equal([5.0, 7], dy.ToArray<double>());
        Assert.Equal([5.0, 7], inside[2].ToArray<double>());
        foreach (Tensor[] gradients in (Tensor[][])[seeded, inside, last])
        {
            Assert.Equal([10.0, 0], gradients[0].ToArray<double>());
            Assert.Equal([21.0], gradients[1].ToArray<double>());
        }
    }

    [Fact]
    public void Hessian_vector_product_of_a_quadratic_form_is_the_symmetric_matrix_times_the_vector()
    {
        using TensorScope scope = new();
        Tensor a = Tensor.From<double>(Device, [2, 2], [1, 2, 5, 3]);
        Tensor x = Tensor.From<double>(Device, [2, 1], [0.5, -1]).RequireGradient();
        Tensor y = (x * a.MatMul(x)).Sum();
        Tensor v = Tensor.From<double>(Device, [2, 1], [1, 10]);
        double[] product = Gradient.HessianVectorProduct(y, [x], [v])[0].ToArray<double>();
        Assert.Equal([2 * 1 + 7 * 10, 7 * 1 + 6 * 10], product);
    }

    [Fact]
    public void Third_derivative_of_x_to_the_fourth_is_24_x()
    {
        using TensorScope scope = new();
        Tensor x = Scalar(2).RequireGradient();
        Tensor square = x * x;
        Tensor first = Gradient.Of(square * square, x, createGraph: true);
        Tensor second = Gradient.Of(first, x, createGraph: true);
        Assert.Equal(48, Gradient.Of(second, x).Item(), 1e-12);
    }

    [Fact]
    public void Nothing_is_recorded_without_gradients()
    {
        using TensorScope scope = new();
        Tensor x = Scalar(2).RequireGradient();
        using (new NoGradient()) Assert.False((x * x).RequiresGradient);
        Assert.False((x * x).Detach().RequiresGradient);
        Assert.False(Gradient.Of(x * x, x).RequiresGradient);
        Assert.True((x * x).RequiresGradient);
        ArgumentException e = Assert.Throws<ArgumentException>(() => Gradient.Of(Scalar(1), x));
        Assert.Contains("depends on no tensor", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_requests_are_refused_by_name()
    {
        using TensorScope scope = new();
        Tensor x = Vector(1, 2).RequireGradient(), plain = Vector(1, 2);
        Assert.Contains("2 elements", Assert.Throws<ArgumentException>(() => Gradient.Of(x * x, x)).Message, StringComparison.Ordinal);
        Assert.Contains("does not require", Assert.Throws<ArgumentException>(() => Gradient.Of((x * x).Sum(), plain)).Message, StringComparison.Ordinal);
        Assert.Contains("dy is", Assert.Throws<ArgumentException>(() => Gradient.Of(x * x, [x], Scalar(1))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => (x * x).RequireGradient());
        Assert.Throws<InvalidOperationException>(() => Tensor.Zeros(Device, [2], DType.Int32).RequireGradient());
    }

    [Fact]
    public void Gradient_of_a_view_reaches_its_source()
    {
        using TensorScope scope = new();
        Tensor x = Vector(1, 2, 3, 4).RequireGradient();
        Tensor y = x.Reshape([2, 2]).MatMul(x.Reshape([2, 2])).Sum();
        double[] expected = [.. new[] { (0, 0), (0, 1), (1, 0), (1, 1) }.Select(p => Entry(p.Item1, p.Item2))];
        Assert.Equal(expected, Gradient.Of(y, x).ToArray<double>());

        // d/dX_ij of 1ᵀ X X 1 is (X 1)_j + (Xᵀ 1)_i.
        static double Entry(int i, int j)
        {
            double[,] m = { { 1, 2 }, { 3, 4 } };
            return m[j, 0] + m[j, 1] + m[0, i] + m[1, i];
        }
    }

    private static Tensor Scalar(double value) => Tensor.Full(Device, Shape.Scalar, DType.Float64, value);

    private static Tensor Vector(params ReadOnlySpan<double> values) => Tensor.From(Device, [values.Length], values);
}
