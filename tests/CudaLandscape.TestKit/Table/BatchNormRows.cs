using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.TestKit.Table;

/// <summary>Batch normalisation with the batch's statistics and with given ones, of images and of vectors.</summary>
internal static class BatchNormRows
{
    public static IEnumerable<OpRow> All =>
    [
        .. new Shape[] { [4, 3], [2, 1], [2, 3, 3, 2], [3, 2, 1, 1], [1, 2, 2, 3] }.SelectMany(x => new[] { Given(x), Training(x) }),
        Given([2, 0, 2, 2]),
        Given([0, 3, 2, 2]),
        .. Activations.SelectMany(a => new[] { FusedTraining([3, 2, 2, 3], 2, a), FusedGiven([2, 3, 1, 2], 3, a) }),
        FusedTraining([5, 3], 3, ActivationFunction.Sigmoid), FusedTraining([4, 5, 2, 2], 3, ActivationFunction.Softplus(20)),
        FusedGiven([2, 4, 3, 1], 1, ActivationFunction.Tanh), FusedGiven([0, 3, 2, 2], 3, ActivationFunction.Sigmoid),
        .. Activations.Select(a => Gradients([3, 3, 2, 3], 2, a)), Gradients([5, 3], 3, ActivationFunction.Sigmoid),
        Gradients([9, 20, 30, 31], 20, ActivationFunction.Sigmoid), Gradients([2, 3, 70, 70], 2, ActivationFunction.Softplus(2)),
        FusedTraining([3, 50, 7, 11], 47, ActivationFunction.Sigmoid) with { Differentiable = false },
        FusedTraining([2, 2, 70, 70], 2, ActivationFunction.Identity) with { Differentiable = false },
        FusedTraining([700, 1, 3, 3], 1, ActivationFunction.Tanh) with { Differentiable = false },
    ];

    private static ActivationFunction[] Activations =>
        [ActivationFunction.Identity, ActivationFunction.Relu, ActivationFunction.Sigmoid, ActivationFunction.Softplus(2), ActivationFunction.Tanh];

    private static OpRow FusedTraining(Shape x, long channels, ActivationFunction activation) => new(
        "batch_norm_activation", $"training {channels} of {x}, {activation.Kind} {activation.Alpha}",
        [TestData.Spread(x, 81), TestData.Spread([channels], 82), TestData.Spread([channels], 83)],
        t => t[0].BatchNormActivationTraining(t[1], t[2], activation, 0.1).Y,
        a => Activated(Loops.BatchNormTraining(Loops.FirstChannels(a[0], channels), a[1].Values, a[2].Values, 0.1), activation)) { Step = 1e-3 };

    // Of x, weight and bias behind one another, by the passes that are not recorded.
    private static OpRow Gradients(Shape x, long channels, ActivationFunction activation) => new(
        "batch_norm_activation", $"gradients of {channels} of {x}, {activation.Kind} {activation.Alpha}",
        [TestData.Spread(x, 91), TestData.Spread([channels], 92), TestData.Spread([channels], 93), TestData.Spread(x.With(1, channels), 94)],
        t =>
        {
            Tensor[] leaves = [.. t.Take(3).Select(leaf => leaf.Detach().RequireGradient())];
            Tensor y = leaves[0].BatchNormActivationTraining(leaves[1], leaves[2], activation, 0.1).Y;
            return Gradient.Of(y, leaves, t[3]).Select(g => g.Reshape([g.ElementCount])).ToArray().Concat(0);
        },
        a => Loops.BatchNormGradients(a[0], a[1].Values, a[2].Values, a[3], z => Slope(activation, z), 0.1))
        { Differentiable = false, Float32Tolerance = 16 };

    private static double Slope(ActivationFunction activation, double z) => activation.Kind switch
    {
        ActivationKind.Relu => z > 0 ? 1 : 0,
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-z)) / (1 + Math.Exp(z)),
        ActivationKind.Softplus => 1 / (1 + Math.Exp(-activation.Alpha * z)),
        ActivationKind.Tanh => 1 / (Math.Cosh(z) * Math.Cosh(z)),
        _ => 1,
    };

    // The moments are constants, as running averages are.
    private static OpRow FusedGiven(Shape x, long channels, ActivationFunction activation)
    {
        HostArray mean = TestData.Spread([channels], 84).Rounded(), variance = TestData.Positive([channels], 85).Rounded();
        return new(
            "batch_norm_activation", $"given {channels} of {x}, {activation.Kind} {activation.Alpha}",
            [TestData.Spread(x, 86), TestData.Spread([channels], 87), TestData.Spread([channels], 88)],
            t => t[0].BatchNormActivation(
                t[1], t[2], mean.ToTensor(t[0].Device, t[0].DType), variance.ToTensor(t[0].Device, t[0].DType), activation),
            a => Activated(
                Loops.BatchNorm(Loops.FirstChannels(a[0], channels), a[1].Values, a[2].Values, mean.Values, variance.Values, 1e-5), activation))
            { Step = 1e-3 };
    }

    private static HostArray Activated(HostArray z, ActivationFunction activation) => z with
    {
        Values = Array.ConvertAll(z.Values, v => activation.Kind switch
        {
            ActivationKind.Relu => Math.Max(v, 0),
            ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-v)),
            ActivationKind.Softplus => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-activation.Alpha * Math.Abs(v))) / activation.Alpha,
            ActivationKind.Tanh => Math.Tanh(v),
            _ => v,
        }),
    };

    private static OpRow Training(Shape x) => new(
        "batch_norm2d", $"training {x}", [TestData.Spread(x, 71), Channels(x, 72), Channels(x, 73)],
        t => t[0].BatchNorm2dTraining(t[1], t[2], 0.1).Y, a => Loops.BatchNormTraining(a[0], a[1].Values, a[2].Values, 0.1));

    private static OpRow Given(Shape x) => new(
        "batch_norm2d", $"given {x}",
        [TestData.Spread(x, 74), Channels(x, 75), Channels(x, 76), Channels(x, 77), TestData.Positive([x[1]], 78)],
        t => t[0].BatchNorm2d(t[1], t[2], t[3], t[4]),
        a => Loops.BatchNorm(a[0], a[1].Values, a[2].Values, a[3].Values, a[4].Values, 1e-5));

    private static HostArray Channels(Shape x, int seed) => TestData.Spread([x[1]], seed);
}
