using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>y = conv(x, W) + b; x[N,C,H,W], W[K,C,R,S], b[K,1,1] or, per neuron, b[K,P,Q], or none.</summary>
public sealed class Conv2d : Module, IActivatable
{
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly int _stride, _pad;
    private readonly BiasKind _biasKind;

    /// <summary>Declares a convolution of images [C,H,W] whose parameters are called <c>name.weight</c> and <c>name.bias</c>.</summary>
    /// <exception cref="ArgumentException">Kernel, stride or padding does not fit the image.</exception>
    public Conv2d(string name, Shape image, int filters, int kernel, int stride = 1, int pad = 0, BiasKind bias = BiasKind.Shared)
    {
        (Kernel, _stride, _pad, _biasKind) = (kernel, stride, pad, bias);
        Conv2dSize size = new(name, [1, .. image.Sizes], kernel, kernel, stride, pad);
        OutputImage = [filters, size.P, size.Q];
        long area = (long)kernel * kernel;
        _weight = Parameter.Weight("weight", [filters, image[0], kernel, kernel], image[0] * area, filters * area, name);
        if (bias != BiasKind.None) _bias = Parameter.Bias("bias", bias == BiasKind.Shared ? [filters, 1, 1] : OutputImage, name);
    }

    /// <summary>Declares a convolution that gets its name from the graph it is added to.</summary>
    /// <exception cref="ArgumentException">Kernel, stride or padding does not fit the image.</exception>
    public Conv2d(Shape image, int filters, int kernel, int stride = 1, int pad = 0, BiasKind bias = BiasKind.Shared)
        : this("", image, filters, kernel, stride, pad, bias)
    {
    }

    /// <summary>Height and width of the kernels.</summary>
    public int Kernel { get; }

    /// <summary>Distance of two neighbouring windows.</summary>
    public int Stride => _stride;

    /// <summary>Zeros added on each side.</summary>
    public int Pad => _pad;

    /// <summary>Shape [K,P,Q] of one output.</summary>
    public Shape OutputImage { get; }

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Weighted;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => _bias is null ? [_weight] : [_weight, _bias];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x)
    {
        if (_bias is null) return x.Conv2d(_weight.Value, _stride, _pad);
        if (_biasKind == BiasKind.Shared) return x.Conv2dBiasActivation(_weight.Value, _bias.Value, ActivationFunction.Identity, _stride, _pad);
        using TensorScope scope = new();
        return scope.Return(x.Conv2d(_weight.Value, _stride, _pad) + _bias.Value);
    }

    // A bias per neuron is no epilogue.
    bool IActivatable.CanActivate => _biasKind == BiasKind.Shared;

    bool IActivatable.TakesFirstChannels => false;

    Tensor IActivatable.ForwardAndActivate(Tensor x, ActivationFunction activation) =>
        x.Conv2dBiasActivation(_weight.Value, _bias!.Value, activation, _stride, _pad);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        Shape w = _weight.Shape;
        if (input.Rank != 3 || input[0] != w[1])
            throw new ArgumentException($"conv2d: kernels {w} expect samples [{w[1]},H,W], got {input}.");
        Conv2dSize size = new("conv2d", [1, .. input.Sizes], w[2], w[3], _stride, _pad);
        Shape output = [w[0], size.P, size.Q];
        if (_biasKind == BiasKind.Neuron && output != OutputImage)
            throw new ArgumentException(
                $"conv2d: samples {input} give {output}, but the bias per neuron was declared for {OutputImage}.");
        return output;
    }

    /// <summary>K P Q · C R S.</summary>
    public override long MultiplyAdds(Shape input) => checked(OutputShape(input).ElementCount * _weight.FanIn);
}
