using CudaLandscape.Landscape.CriticalPoints;
using CudaLandscape.Landscape.SpinGlass;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Landscape.Tests.SpinGlass;

[Collection("device")]
public sealed class SphericalSpinGlassTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_energy_is_the_sum_over_all_couplings(int order)
    {
        const int spins = 4;
        using TensorScope scope = new();
        RandomStream stream = new(1, 0);
        using SphericalSpinGlass glass = new(TestDevices.Primary, spins, order, stream);
        double[] couplings = RandomTensor.Normal(
            TestDevices.Primary, [(long)Math.Pow(spins, order)], DType.Float64, stream).ToArray<double>();
        Tensor point = glass.RandomPoint(new RandomStream(2, 0));
        double[] sigma = point.ToArray<double>();
        double sum = 0;
        for (int index = 0; index < couplings.Length; index++)
        {
            double product = couplings[index];
            for (int factor = 0, rest = index; factor < order; factor++, rest /= spins) product *= sigma[rest % spins];
            sum += product;
        }

        Assert.Equal(spins, sigma.Sum(s => s * s), 1e-13);
        Assert.Equal(sum * Math.Pow(spins, -(order - 1) / 2.0) / spins, glass.EnergyPerSpin(point).Item(), 1e-13);
        Assert.Equal(glass.EnergyPerSpin(point).Item(), glass.Objective(point).Value(), 1e-13);
    }

    // With p = 2 critical points are the eigenvectors of the symmetric part of J, and the index is the place of the eigenvalue.
    [Fact]
    public void With_two_spins_per_term_energies_and_indices_are_those_of_eigenvectors()
    {
        const int spins = 8;
        using TensorScope scope = new();
        RandomStream stream = new(3, 0);
        using SphericalSpinGlass glass = new(TestDevices.Primary, spins, 2, stream);
        double[] eigenvalues = RandomTensor.Normal(TestDevices.Primary, [spins, spins], DType.Float64, stream).SymmetricEigenvalues().ToArray<double>();
        IReadOnlyList<CriticalPoint> found = EnergyIndexSurvey.AnyIndex(glass, 24, 6, 2, new RandomStream(4, 0));
        Assert.True(found.Select(p => p.Index).Distinct().Count() >= 4, string.Join(", ", found.Select(p => p.Index)));
        foreach (CriticalPoint point in found) Assert.Equal(eigenvalues[point.Index] / Math.Sqrt(spins), point.Value, 1e-9);
    }

    [Fact]
    public void Descent_ends_at_minima_of_low_energy()
    {
        using TensorScope scope = new();
        using SphericalSpinGlass glass = new(TestDevices.Primary, 24, 3, new RandomStream(5, 0));
        IReadOnlyList<CriticalPoint> ends = EnergyIndexSurvey.Descents(glass, 4, new RandomStream(6, 0));
        Assert.All(ends, end => Assert.True(end is { Index: 0, GradientNorm: < 1e-10, Value: > -2 and < -1 }, $"{end.Value}, index {end.Index}"));
    }

    [Fact]
    public void The_share_of_negative_eigenvalues_is_that_of_a_sampled_semicircle()
    {
        using SphericalSpinGlass glass = new(TestDevices.Primary, 4, 3, new RandomStream(7, 0));
        Assert.Equal(-1.63299, glass.Threshold, 1e-5);
        Assert.Equal((0.0, 0.5, 1.0), (glass.ExpectedIndexShare(glass.Threshold), glass.ExpectedIndexShare(0), glass.ExpectedIndexShare(2)));
        const int parts = 200_000;
        double radius = 2 * Math.Sqrt(6), below = 0;
        for (int i = 0; i < parts; i++)
        {
            double t = radius * (2 * (i + 0.5) / parts - 1);
            if (t + 3 < 0) below += 2 * radius / parts * 2 / (Math.PI * radius * radius) * Math.Sqrt(radius * radius - t * t);
        }

        Assert.Equal(below, glass.ExpectedIndexShare(-1), 1e-5);
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        using TensorScope scope = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => new SphericalSpinGlass(TestDevices.Primary, 1, 3, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SphericalSpinGlass(TestDevices.Primary, 4, 1, default));
        using SphericalSpinGlass glass = new(TestDevices.Primary, 4, 3, default);
        Assert.Throws<ArgumentException>(() => glass.Objective(Tensor.Zeros(TestDevices.Primary, [5], DType.Float64).RequireGradient()));
    }
}
