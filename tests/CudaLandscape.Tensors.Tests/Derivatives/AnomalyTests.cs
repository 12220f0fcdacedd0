using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests.Derivatives;

/// <summary>Anomaly mode names the first op that makes a NaN or an infinity, in either pass.</summary>
[Collection("device")]
public sealed class AnomalyTests
{
    private static Device Device => TestDevices.Primary;

    [Fact]
    public void A_logarithm_of_zero_is_named_in_the_forward_pass()
    {
        using TensorScope scope = new();
        using AnomalyMode on = new();
        Tensor x = Data("pixels", 2, 0, 0.5);
        NonFiniteValueException e = Assert.Throws<NonFiniteValueException>(() => x.Scale(3).Log().Sum());
        Assert.Equal(("log", false), (e.Op, e.IsGradient));
        Assert.Equal(double.PositiveInfinity, e.Found.Magnitude);
        Assert.Equal(("input 0", "scale_shift", 6.0), (e.Read[0].Role, e.Read[0].Name, e.Read[0].Magnitude));
        Assert.Contains("log (forward): result 'log' [3] Float64, largest magnitude ", e.Message, StringComparison.Ordinal);
        Assert.Contains("first offender", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_that_was_not_finite_already_is_blamed_by_name()
    {
        using TensorScope scope = new();
        using AnomalyMode on = new();
        Tensor x = Data("pixels", 1, double.NaN), y = Data("noise", 1, 2);
        NonFiniteValueException e = Assert.Throws<NonFiniteValueException>(() => y + x);
        Assert.Equal(2, e.Read[0].Magnitude);
        Assert.True(double.IsNaN(e.Read[1].Magnitude));
        Assert.Contains("input 1 'pixels' [2] Float64, largest magnitude NaN", e.Message, StringComparison.Ordinal);
        Assert.Contains("input 1 was not finite already", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_overflows_names_the_rule_and_what_it_read()
    {
        using TensorScope scope = new();
        using AnomalyMode on = new();
        Tensor x = Data("weights", 1, 1e-200).RequireGradient(), one = Data("ones", 1, 1);
        Tensor y = (one / (x * Data("factor", 1, 1e-100))).Sum(); // 1e300; its derivative 1e500 is not representable
        NonFiniteValueException e = Assert.Throws<NonFiniteValueException>(() => Gradient.Of(y, x));
        Assert.Equal(("divide", true), (e.Op, e.IsGradient));
        Assert.Contains("divide (gradient): gradient of input 1", e.Message, StringComparison.Ordinal);
        Assert.Equal("dy", e.Read[0].Role);
        Assert.All(e.Read, r => Assert.True(r.IsFinite, r.ToString()));
        Assert.Contains(e.Read, r => r.Magnitude is 1 && r.Role != "dy");
    }

    [Fact]
    public void Finite_gradients_whose_sum_overflows_are_named()
    {
        using TensorScope scope = new();
        using AnomalyMode on = new();
        Tensor x = Data("x", 1e-5).RequireGradient();
        Tensor y = (x.Scale(1.5e308) + x.Scale(1.5e308)).Sum();
        NonFiniteValueException e = Assert.Throws<NonFiniteValueException>(() => Gradient.Of(y, x));
        Assert.Equal(("add", true, 2), (e.Op, e.IsGradient, e.Read.Count));
        Assert.Equal("sum of gradients", e.Found.Role);
    }

    [Fact]
    public void Every_rule_on_the_way_is_looked_at_not_only_the_last()
    {
        using TensorScope scope = new();
        Tensor x = Data("x", 0).RequireGradient();
        Tensor y = (x.Exp().Log() / x).BroadcastTo([2]).Sum();
        Assert.True(double.IsNaN(Gradient.Of(y, x).Item()));
        using AnomalyMode on = new();
        NonFiniteValueException e = Assert.Throws<NonFiniteValueException>(() => Gradient.Of(y, x));
        Assert.Equal(("divide", true), (e.Op, e.IsGradient));
    }

    [Fact]
    public void It_changes_no_result_and_ends_with_its_scope_even_after_a_throw()
    {
        using TensorScope scope = new();
        Tensor x = Data("x", 0.5, -2).RequireGradient();
        double[] plain = HostArray.Read(Gradient.Of((x.Sigmoid() * x).Sum(), x, createGraph: true));
        using (new AnomalyMode())
        {
            Assert.Equal(plain, HostArray.Read(Gradient.Of((x.Sigmoid() * x).Sum(), x, createGraph: true)));
            Assert.Throws<NonFiniteValueException>(() => Data("zero", 0).Log());
            Assert.True(AnomalyMode.IsEnabled);
            using (new AnomalyMode()) Assert.Equal(2, x.ArgMax().Item() + x.MaxAbs().Item());
            Assert.True(AnomalyMode.IsEnabled);
        }

        Assert.False(AnomalyMode.IsEnabled);
        Assert.Equal(double.NegativeInfinity, Data("zero", 0).Log().Item());
    }

    [Fact]
    public void It_belongs_to_its_thread()
    {
        using AnomalyMode on = new();
        bool there = true;
        Thread other = new(() => there = AnomalyMode.IsEnabled);
        other.Start();
        other.Join();
        Assert.False(there);
    }

    [Fact]
    public void What_was_found_leaks_no_memory()
    {
        long before = Device.UsedBytes;
        using (Tensor zero = Data("zero", 0))
        using (new AnomalyMode()) Assert.Throws<NonFiniteValueException>(() => zero.Log()); // no scope: nobody else could release it
        Assert.Equal(before, Device.UsedBytes);
        using (new TensorScope())
        using (new AnomalyMode())
        {
            Tensor x = Data("x", 1e-200).RequireGradient();
            Assert.Throws<NonFiniteValueException>(() => Gradient.Of((x.Log() * x.Scale(1e-200)).Scale(1e308).Scale(1e308), x));
        }

        Assert.Equal(before, Device.UsedBytes);
    }

    private static Tensor Data(string name, params ReadOnlySpan<double> values) => Tensor.From(Device, [values.Length], values, name);
}
