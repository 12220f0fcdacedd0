using CudaLandscape.Landscape.Paths;
using CudaLandscape.Tensors;

namespace CudaLandscape.Landscape.Tests.Paths;

[Collection("device")]
public sealed class ParameterCurveTests
{
    private static readonly double[] s_start = [0.1, -1.0 / 3, 7], s_end = [1e-9, 2.0 / 7, -5];

    public static TheoryData<CurveShape, int> Curves => new()
    {
        { CurveShape.Bezier, 0 }, { CurveShape.Bezier, 1 }, { CurveShape.Bezier, 3 }, { CurveShape.PolygonalChain, 1 }, { CurveShape.PolygonalChain, 3 },
    };

    [Theory]
    [MemberData(nameof(Curves))]
    public void Its_ends_are_the_given_points_to_the_last_bit_wherever_the_bends_are(CurveShape shape, int bends)
    {
        using TensorScope scope = new();
        using ParameterCurve curve = Create(shape, bends);
        foreach (Tensor bend in curve.Bends) bend.CopyFrom(Vector(double.NaN, double.NaN, double.NaN));
        Assert.Equal(s_start, curve.At(0).ToArray<double>());
        Assert.Equal(s_end, curve.At(1).ToArray<double>());
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void Before_training_it_is_the_straight_line_and_weights_sum_to_one(CurveShape shape, int bends)
    {
        using TensorScope scope = new();
        using ParameterCurve curve = Create(shape, bends);
        foreach (double t in (double[])[0, 0.125, 0.3, 0.5, 0.99, 1])
        {
            Assert.Equal(1, curve.Weights(t).Sum(), 1e-15);
            Close.Relative([.. s_start.Zip(s_end, (a, b) => (1 - t) * a + t * b)], curve.At(t).ToArray<double>(), 1e-14, $"t = {t}");
        }
    }

    [Fact]
    public void A_bezier_curve_of_one_bend_has_the_weights_of_garipov_et_al()
    {
        using ParameterCurve curve = Create(CurveShape.Bezier, 1);
        Close.Relative([0.49, 0.42, 0.09], curve.Weights(0.3), 1e-15, "(1-t)², 2t(1-t), t²");
    }

    [Fact]
    public void A_chain_passes_through_its_bends_and_is_straight_between_them()
    {
        using TensorScope scope = new();
        using ParameterCurve curve = Create(CurveShape.PolygonalChain, 3);
        curve.Bends[1].CopyFrom(Vector(3, 4, 5));
        Assert.Equal([3.0, 4, 5], curve.At(0.5).ToArray<double>());
        Close.Relative([0, 0, 0.5, 0.5, 0], curve.Weights(0.625), 1e-15, "half way between the second and the third bend");
    }

    [Fact]
    public void Its_ends_are_copies()
    {
        using TensorScope scope = new();
        Tensor start = Vector(s_start);
        using ParameterCurve curve = ParameterCurve.Line(start, Vector(s_end));
        start.CopyFrom(Vector(0, 0, 0));
        Assert.Equal(s_start, curve.At(0).ToArray<double>());
    }

    [Fact]
    public void Ends_that_differ_in_shape_or_type_and_positions_outside_are_refused()
    {
        using TensorScope scope = new();
        Assert.Contains("two ends of one shape", Assert.Throws<ArgumentException>(() => ParameterCurve.Line(Vector(1, 2), Vector(1))).Message);
        Assert.Throws<ArgumentException>(() => ParameterCurve.Line(Vector(1), Vector(1).Cast(DType.Float32)));
        using ParameterCurve curve = Create(CurveShape.Bezier, 1);
        foreach (double t in (double[])[-1e-9, 1.1, double.NaN]) Assert.Throws<ArgumentOutOfRangeException>(() => curve.At(t));
    }

    private static ParameterCurve Create(CurveShape shape, int bends)
    {
        using TensorScope scope = new();
        return new ParameterCurve(shape, Vector(s_start), Vector(s_end), bends);
    }

    private static Tensor Vector(params double[] values) => Tensor.From<double>(TestDevices.Primary, [values.Length], values);
}
