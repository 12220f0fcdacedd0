using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests;

/// <summary>What factorisations refuse, and what they do at repeated eigenvalues and singular values.</summary>
[Collection("device")]
public sealed class FactorizationTests
{
    public static TheoryData<string> Devices => TestDevices.Names;

    [SkippableTheory, MemberData(nameof(Devices))]
    public void Cholesky_names_the_pivot_that_is_not_positive(string device)
    {
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
        {
            ArithmeticException e = Refused(device, type, [3, 3], [4, 2, 0, 2, 1, 0, 0, 0, 1], a => a.Cholesky());
            AssertContains(e, "cholesky", "[3,3]", type.ToString(), "pivot 2 of 3", "positive definite");
        }

    }

    [SkippableTheory, MemberData(nameof(Devices))]
    public void Solve_names_the_pivot_that_is_zero(string device)
    {
        foreach (DType type in (DType[])[DType.Float32, DType.Float64])
        {
            // Multipliers are powers of two: the pivot is zero however the sums are rounded.
            ArithmeticException e = Refused(device, type, [3, 3], [1, 2, 4, 2, 4, 8, 1, 0, 1], a => a.Solve(a));
            AssertContains(e, "solve", "[3,3]", type.ToString(), "pivot 2 of 3", "singular");
        }
    }

    [SkippableTheory, MemberData(nameof(Devices))]
    public void What_is_not_finite_is_refused(string device)
    {
        foreach (double odd in (double[])[double.NaN, double.PositiveInfinity])
        {
            double[] values = [1, 2, odd, 3];
            AssertContains(Refused(device, DType.Float64, [2, 2], values, a => a.SymmetricEigenvalues()), "symmetric_eigenvalues", "finite");
            AssertContains(Refused(device, DType.Float32, [2, 2], values, a => a.SymmetricEigenvectors()), "symmetric_eigenvectors", "finite");
            AssertContains(Refused(device, DType.Float64, [2, 2], values, a => a.SingularValues()), "singular_values", "finite", "[2,2]");
            AssertContains(Refused(device, DType.Float64, [2, 2], values, a => a.SingularVectors().U), "singular_vectors", "finite");
            AssertContains(Refused(device, DType.Float32, [2, 2], values, a => a.Cholesky()), "cholesky", "finite", "Float32");
            AssertContains(Refused(device, DType.Float64, [2, 2], values, a => a.Solve(a)), "solve", "finite");
        }
    }

    [Fact]
    public void Repeated_values_have_the_gradient_of_their_sum_but_no_second_derivative()
    {
        using TensorScope scope = new();
        Tensor a = Tensor.From<double>(TestDevices.Primary, [2, 2], [3, 0, 0, 3]).RequireGradient();
        double[] identity = [1, 0, 0, 1];
        Close.Relative(identity, HostArray.Read(Gradient.Of(a.SymmetricEigenvalues().Sum(), a)), 1e-15, "trace");
        Close.Relative(identity, HostArray.Read(Gradient.Of(a.SingularValues().Sum(), a)), 1e-15, "nuclear norm");
        Tensor values = a.SymmetricEigenvalues(), v = Tensor.From<double>(TestDevices.Primary, [2, 2], [0, 1, 1, 0]);
        Tensor first = (values * Tensor.From<double>(TestDevices.Primary, [2], [1, 2])).Sum();
        double[] second = HostArray.Read(Gradient.HessianVectorProduct(first, [a], [v])[0]);
        Assert.Contains(second, x => !double.IsFinite(x));
    }

    [Fact]
    public void The_log_determinant_has_the_inverse_as_gradient()
    {
        using TensorScope scope = new();
        Tensor a = TestData.Dominant(6, 81).ToTensor(TestDevices.Primary, DType.Float64);
        Tensor s = (a + a.Transpose()).Scale(0.5).Detach().RequireGradient();
        Tensor ones = Tensor.Full(TestDevices.Primary, [6, 6], DType.Float64, 1);
        Tensor identity = ones.Triangle(true) * ones.Triangle(false), l = s.Cholesky();
        Tensor logDeterminant = (l * identity).Sum(0).Log().Sum().Scale(2);
        double[] inverse = HostArray.Read(s.Solve(identity));
        Close.ToScale(inverse, HostArray.Read(Gradient.Of(logDeterminant, s)), 1e-14, 1, "from Cholesky");
        Close.ToScale(inverse, HostArray.Read(Gradient.Of(s.SymmetricEigenvalues().Log().Sum(), s)), 1e-13, 1, "from eigenvalues");
    }

    private static ArithmeticException Refused(string device, DType type, Shape shape, double[] values, Func<Tensor, Tensor> run)
    {
        Device on = TestDevices.Get(device);
        long used = on.UsedBytes;
        ArithmeticException e;
        using (TensorScope scope = new())
        {
            Tensor a = new HostArray(shape, values).ToTensor(on, type);
            e = Assert.ThrowsAny<ArithmeticException>(() => run(a));
        }

        Assert.Equal(used, on.UsedBytes);
        return e;
    }

    private static void AssertContains(Exception e, params string[] parts)
    {
        foreach (string part in parts) Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }
}
