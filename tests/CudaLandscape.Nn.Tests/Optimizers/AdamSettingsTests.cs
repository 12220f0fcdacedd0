using CudaLandscape.Nn.Optimizers;

namespace CudaLandscape.Nn.Tests.Optimizers;

public sealed class AdamSettingsTests
{
    public static TheoryData<string, AdamSettings> Bad
    {
        get
        {
            TheoryData<string, AdamSettings> data = [];
            foreach (double x in (double[])[0, -1e-3, double.NaN, double.PositiveInfinity])
            {
                data.Add("learning rate", new AdamSettings(Rate: x));
                data.Add("epsilon", new AdamSettings(1e-3, Epsilon: x));
            }

            foreach (double x in (double[])[-1e-9, double.NaN, double.PositiveInfinity]) data.Add("decay", new AdamSettings(LearningRate.InverseTime(1e-3, x)));
            foreach (double x in (double[])[-1e-9, 1, 1.5, double.NaN])
            {
                data.Add("beta1", new AdamSettings(1e-3, Beta1: x));
                data.Add("beta2", new AdamSettings(1e-3, Beta2: x));
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Bad))]
    public void A_setting_outside_its_range_is_named_with_its_value(string name, AdamSettings settings)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(settings.Validate);
        Assert.StartsWith($"Adam: {name} must be ", error.Message);
        Assert.Contains("got ", error.Message);
    }

    [Fact]
    public void The_ends_of_the_ranges_are_allowed() =>
        new AdamSettings(LearningRate.InverseTime(double.Epsilon, 0), Beta1: 0, Beta2: 0, Epsilon: double.Epsilon).Validate();

    [Fact]
    public void The_defaults_are_the_paper_s_and_Keras()
    {
        AdamSettings expected = new(1e-3, 0.9, 0.999, 1e-7);
        Assert.Equal(expected, new AdamSettings(LearningRate.InverseTime(1e-3, 0)));
        Assert.Equal(expected, new AdamSettings(1e-3));
    }
}
