using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests.Derivatives;

/// <summary>Products with Jacobians, and Jacobians, against closed forms and finite differences.</summary>
[Collection("device")]
public sealed class ProductTests
{
    private static readonly HostArray s_a = TestData.Spread([4, 3], 11), s_x = TestData.Spread([3, 1], 12);

    private static Device Device => TestDevices.Primary;

    [Fact]
    public void Jacobian_of_a_layer_is_the_derivative_of_the_activation_times_the_weights()
    {
        using TensorScope scope = new();
        (Tensor x, Tensor y) = Layer();
        Tensor jacobian = Gradient.Jacobian(y, x);
        Assert.Equal([4, 3], jacobian.Shape.Sizes.ToArray());
        Close.Relative(LayerJacobian().Values, jacobian.ToArray<double>(), 1e-14, "J");
    }

    [Fact]
    public void Products_from_both_sides_are_those_of_the_matrix()
    {
        using TensorScope scope = new();
        (Tensor x, Tensor y) = Layer();
        HostArray j = LayerJacobian(), dy = TestData.Spread([4, 1], 13), v = TestData.Spread([3, 1], 14);
        double[] left = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 4).Sum(r => dy.Values[r] * j[r, c]))];
        double[] right = [.. Enumerable.Range(0, 4).Select(r => Enumerable.Range(0, 3).Sum(c => j[r, c] * v.Values[c]))];
        Close.Relative(left, Gradient.VectorJacobianProduct(y, [x], Put(dy))[0].ToArray<double>(), 1e-14, "dyᵀ J");
        Tensor product = Gradient.JacobianVectorProduct(y, [x], [Put(v)]);
        Assert.Equal(y.Shape, product.Shape);
        Close.Relative(right, product.ToArray<double>(), 1e-14, "J v");
    }

    [Fact]
    public void Jacobian_vector_product_through_convolution_and_pooling_matches_differences_along_the_direction()
    {
        HostArray x = TestData.Spread([2, 2, 5, 4], 15), w = TestData.Spread([3, 2, 2, 2], 16);
        HostArray vx = TestData.Spread(x.Shape, 17), vw = TestData.Spread(w.Shape, 18);
        using TensorScope scope = new();
        Tensor tx = Put(x).RequireGradient(), tw = Put(w).RequireGradient();
        double[] product = Gradient.JacobianVectorProduct(Network(tx, tw), [tx, tw], [Put(vx), Put(vw)]).ToArray<double>();
        double[] expected = new double[product.Length];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = FiniteDifferences.Richardson(t => [Network(Put(Moved(x, vx, t)), Put(Moved(w, vw, t))).ToArray<double>()[i]], 1e-4);
        Close.ToScale(expected, product, 1e-9, 1e-3, "J v");
        Assert.Contains(expected, e => Math.Abs(e) > 1e-3);

        static Tensor Network(Tensor x, Tensor w) => x.Conv2d(w, pad: 1).Tanh().MaxPool2d(2);
        static HostArray Moved(HostArray x, HostArray v, double t) => x with { Values = [.. x.Values.Zip(v.Values, (a, b) => a + t * b)] };
    }

    [Fact]
    public void The_product_with_the_identity_is_the_direction_and_with_nothing_is_zero()
    {
        using TensorScope scope = new();
        Tensor x = Put(s_x).RequireGradient(), other = Put(s_a).RequireGradient(), v = Put(TestData.Spread([3, 1], 19));
        Assert.Equal(v.ToArray<double>(), Gradient.JacobianVectorProduct(x, [x], [v]).ToArray<double>());
        Assert.Equal(new double[3], Gradient.JacobianVectorProduct(x * x, [other], [Put(s_a)]).ToArray<double>());
        Assert.Equal(new double[36], Gradient.Jacobian(x * x, other).ToArray<double>());
        Assert.Equal(new double[3], Gradient.JacobianVectorProduct(x * x, [], []).ToArray<double>());
        Tensor nothing = Tensor.Zeros(Device, [0, 2], DType.Float64).RequireGradient();
        Assert.Equal([0, 0], Gradient.Jacobian(nothing * nothing, nothing).Shape.Sizes.ToArray());
    }

    [Fact]
    public void Products_are_the_same_where_nothing_is_recorded()
    {
        using TensorScope scope = new();
        Tensor x = Put(s_x).RequireGradient(), v = Put(TestData.Spread([3, 1], 20));
        Tensor cube = x * x * x, sum = cube.Sum();
        using NoGradient off = new();
        double[] expected = [.. s_x.Values.Zip(v.ToArray<double>(), (a, b) => 3 * a * a * b)];
        Close.Relative(expected, Gradient.JacobianVectorProduct(cube, [x], [v]).ToArray<double>(), 1e-13, "J v");
        double[] second = [.. s_x.Values.Zip(v.ToArray<double>(), (a, b) => 6 * a * b)];
        Close.Relative(second, Gradient.HessianVectorProduct(sum, [x], [v])[0].ToArray<double>(), 1e-13, "H v");
        Assert.False((x * x).RequiresGradient);
    }

    [Fact]
    public void Products_leave_no_memory_behind()
    {
        long before = Device.UsedBytes;
        using (TensorScope scope = new())
        {
            (Tensor x, Tensor y) = Layer();
            long inside = Device.UsedBytes;
            using (TensorScope products = new())
            {
                Gradient.JacobianVectorProduct(y, [x], [Put(s_x)]);
                Gradient.Jacobian(y, x);
            }

            Assert.Equal(inside, Device.UsedBytes);
        }

        Assert.Equal(before, Device.UsedBytes);
    }

    [Fact]
    public void Directions_that_do_not_fit_are_refused_even_where_they_would_broadcast()
    {
        using TensorScope scope = new();
        (Tensor x, Tensor y) = Layer();
        Tensor v = Tensor.Full(Device, [1, 1], DType.Float64, 1), single = Tensor.Zeros(Device, [3, 1], DType.Float32);
        Refused("direction 0 is full [1,1]", () => Gradient.JacobianVectorProduct(y, [x], [v]));
        Refused("Float32", () => Gradient.JacobianVectorProduct(y, [x], [single]));
        Refused("1 tensors x, but 0", () => Gradient.JacobianVectorProduct(y, [x], []));
        Refused("HessianVectorProduct: direction 0", () => Gradient.HessianVectorProduct(y.Sum(), [x], [v]));
        Refused("dy is", () => Gradient.VectorJacobianProduct(y, [x], v));
        Refused("does not require a gradient", () => Gradient.Jacobian(y, v));

        static void Refused(string part, Func<object> action) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    private static (Tensor X, Tensor Y) Layer()
    {
        Tensor x = Put(s_x).RequireGradient();
        return (x, Put(s_a).MatMul(x).Sigmoid());
    }

    // y = s(A x): ∂y_r/∂x_c = s (1 - s) a_rc.
    private static HostArray LayerJacobian()
    {
        HostArray j = HostArray.Zeros([4, 3]);
        for (int r = 0; r < 4; r++)
        {
            double s = 1 / (1 + Math.Exp(-Enumerable.Range(0, 3).Sum(c => s_a[r, c] * s_x.Values[c])));
            for (int c = 0; c < 3; c++) j[r, c] = s * (1 - s) * s_a[r, c];
        }

        return j;
    }

    private static Tensor Put(HostArray values) => values.ToTensor(Device, DType.Float64);
}
