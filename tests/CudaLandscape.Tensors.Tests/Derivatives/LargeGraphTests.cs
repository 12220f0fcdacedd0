using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Tensors.Tests.Derivatives;

/// <summary>A tape of 100,000 ops: no stack overflow and right gradients; a sweep of quadratic time would not end.</summary>
[Collection("device")]
public sealed class LargeGraphTests
{
    private const int Length = 100_000;

    private static Device Device => TestDevices.Primary;

    public static TheoryData<string> Graphs => ["chain", "fan", "ladder"];

    [Theory, MemberData(nameof(Graphs))]
    public void Gradients_of_a_hundred_thousand_ops_are_right(string graph)
    {
        long before = Device.UsedBytes;
        double expected = graph == "fan" ? Length : 1;
        Assert.Equal(expected, Run(graph, Length), 1e-9 * expected);
        Assert.Equal(before, Device.UsedBytes);
    }

    private static double Run(string graph, int length)
    {
        using TensorScope scope = new();
        Tensor x = Tensor.Full(Device, Shape.Scalar, DType.Float64, 1).RequireGradient();
        Tensor y = graph switch { "chain" => Chain(x, length), "fan" => Fan(x, length), _ => Ladder(x, length) };
        return Gradient.Of(y, x).Item();
    }

    private static Tensor Chain(Tensor x, int length)
    {
        for (int i = 0; i < length; i++) x = x.Scale(1, 1e-6);
        return x;
    }

    // Every op reads x: as many gradients are added up at one node.
    private static Tensor Fan(Tensor x, int length)
    {
        Tensor sum = x.Scale(0);
        for (int i = 0; i < length / 2; i++) sum += x.Scale(2);
        return sum;
    }

    // Every step reads the two before it, half of each: exponentially many paths through few nodes.
    private static Tensor Ladder(Tensor x, int length)
    {
        (Tensor a, Tensor b) = (x, x);
        for (int i = 0; i < length / 2; i++) (a, b) = (b, (a + b).Scale(0.5));
        return b;
    }
}
