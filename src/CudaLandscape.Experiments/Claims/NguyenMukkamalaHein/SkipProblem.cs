using CudaLandscape.Experiments.Claims.NguyenHein;
using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>
/// N digits with noise of variance 1e-5 and a sigmoid network of the paper's class: two convolutions, 12 x 12 with stride 4 and 3 x 3, whose
/// neurons have biases of their own, and N skip connections drawn from both. Float64; weights and biases are normal.
/// </summary>
internal sealed class SkipProblem : IDisposable
{
    private const double Deviation = 0.2;

    public SkipProblem(ClaimContext context, int samples, ulong draw = 0)
    {
        int width = 1 + samples / 250;
        Conv2d first = new([1, 28, 28], 8 * width, 12, stride: 4, bias: BiasKind.Neuron);
        Conv2d second = new(first.OutputImage, 16 * width, 3, bias: BiasKind.Neuron);
        Sequential basis = new(
            [1, 28, 28], ("conv1", first), ("act1", Activation.Sigmoid), ("conv2", second), ("act2", Activation.Sigmoid),
            ("flatten", new Flatten()), ("output", new Linear(second.OutputImage.ElementCount, 10)));
        Network = new SkipNetwork(basis, NeuronPool.OfActivations(basis), samples, context.Seed + draw);
        Network.Upload(context.Device);
        Initializer initializer = new(InitializerKind.Normal, Deviation);
        Parameters = ParameterSlab.Initialize(Network, context.Device, DType.Float64, initializer, (context.Seed << 20) + draw);
        ImageSet images = context.Images(samples);
        X = WideFeatureNetwork.Samples(context, samples);
        Labels = Tensor.From<int>(context.Device, [samples], Array.ConvertAll(images.Labels, label => (int)label));
    }

    public SkipNetwork Network { get; }

    public ParameterSlab Parameters { get; }

    /// <summary>V[10,N].</summary>
    public Tensor V => Parameters.Tensors[^1];

    /// <summary>Samples [N,1,28,28].</summary>
    public Tensor X { get; }

    /// <summary>Labels [N].</summary>
    public Tensor Labels { get; }

    /// <summary>Multiplies V by a factor.</summary>
    public void ScaleReadout(double factor)
    {
        using TensorScope scope = new();
        V.CopyFrom(V.Detach().Scale(factor));
    }

    /// <summary>Sets U to zero: all neurons then are equal.</summary>
    public void ClearFeatures()
    {
        using TensorScope scope = new();
        foreach (Tensor parameter in Parameters.Tensors[..^1]) parameter.CopyFrom(parameter.Detach().Scale(0));
    }

    public void Dispose()
    {
        Parameters.Dispose();
        Network.Dispose();
    }
}
