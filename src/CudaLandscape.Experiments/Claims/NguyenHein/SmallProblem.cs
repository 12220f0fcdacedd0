using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.NguyenHein;

/// <summary>
/// The full network 6-25-12-8-4 with sigmoids on N = 20 normal samples and targets: layer 1 is wide, and a pyramid follows.
/// </summary>
internal sealed class SmallProblem : IDisposable
{
    /// <summary>Node of the wide layer's features, F_1.</summary>
    public const string Wide = "act1";

    /// <summary>N.</summary>
    public const int Samples = 20;

    public SmallProblem(ClaimContext context, ulong draw, double deviation = 1)
    {
        Initializer initializer = new(InitializerKind.Normal, deviation);
        Parameters = ParameterSlab.Initialize(Model, context.Device, DType.Float64, initializer, (context.Seed << 20) + draw);
        X = RandomTensor.Normal(context.Device, [Samples, 6], DType.Float64, context.Stream((1UL << 50) + 2 * draw));
        Y = RandomTensor.Normal(context.Device, [Samples, 4], DType.Float64, context.Stream((1UL << 50) + 2 * draw + 1));
    }

    public Sequential Model { get; } = new(
        [6], ("fc1", new Linear(6, 25)), (Wide, Activation.Sigmoid), ("fc2", new Linear(25, 12)), ("act2", Activation.Sigmoid),
        ("fc3", new Linear(12, 8)), ("act3", Activation.Sigmoid), ("fc4", new Linear(8, 4)));

    public ParameterSlab Parameters { get; }

    /// <summary>Samples [20,6].</summary>
    public Tensor X { get; }

    /// <summary>Targets [20,4].</summary>
    public Tensor Y { get; }

    public void Dispose() => Parameters.Dispose();
}
