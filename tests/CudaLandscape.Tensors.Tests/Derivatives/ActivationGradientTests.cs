namespace CudaLandscape.Tensors.Tests.Derivatives;

/// <summary>The derivative of an activation from its result, beside that of the activation's own op, where it is hard.</summary>
[Collection("device")]
public sealed class ActivationGradientTests
{
    private static readonly double[] s_points =
        [double.NegativeInfinity, -200, -89, -17, -1, -1e-8, -0.0, 0, 1e-8, 1, 9, 17, 40, 89, 200, double.PositiveInfinity, double.NaN];

    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    // Where y is 1 but for its rounding a slope that is no more than that is lost, and nowhere more.
    [Theory, MemberData(nameof(Kinds))]
    public void It_is_that_of_the_op_but_for_the_rounding_of_the_result(ActivationKind kind)
    {
        ActivationFunction activation = Of(kind);
        foreach ((DType type, double epsilon) in new[] { (DType.Float32, Math.Pow(2, -23)), (DType.Float64, Math.Pow(2, -52)) })
        {
            using TensorScope scope = new();
            Tensor z = new HostArray([s_points.Length], s_points).ToTensor(TestDevices.Primary, type).RequireGradient();
            Tensor y = activation.Apply(z);
            double[] expected = HostArray.Read(Autograd.Gradient.Of(y.Sum(), z));
            double[] actual = HostArray.Read(Tensor.Full(TestDevices.Primary, y.Shape, type, 1).ActivationGradient(y, activation));
            for (int i = 0; i < expected.Length; i++)
            {
                double allowed = epsilon * (kind == ActivationKind.Softplus ? 8 * Math.Abs(expected[i]) : 2) + (type == DType.Float32 ? 1e-44 : 0);
                Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= allowed,
                    $"{kind} {type} at {s_points[i]}: {actual[i]:R}, expected {expected[i]:R}");
            }
        }
    }

    private static ActivationFunction Of(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => ActivationFunction.Relu,
        ActivationKind.Sigmoid => ActivationFunction.Sigmoid,
        ActivationKind.Softplus => ActivationFunction.Softplus(),
        ActivationKind.Tanh => ActivationFunction.Tanh,
        _ => ActivationFunction.Identity,
    };
}
