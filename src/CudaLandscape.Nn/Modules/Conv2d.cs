using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>y = conv(x, W) + b; x[N,C,H,W], W[K,C,R,S], b[K,1,1] or, per neuron, b[K,P,Q].</summary>
public sealed class Conv2d : Module
{
    private readonly Parameter _weight, _bias;
    private readonly int _stride, _pad;

    /// <summary>Declares a convolution of images [C,H,W].</summary>
    public Conv2d(string name, Shape image, int filters, int kernel, int stride = 1, int pad = 0, BiasKind bias = BiasKind.Shared)
    {
        (_stride, _pad) = (stride, pad);
        Conv2dSize size = new(name, [1, .. image.Sizes], kernel, kernel, stride, pad);
        OutputImage = [filters, size.P, size.Q];
        long area = (long)kernel * kernel;
        _weight = Parameter.Weight($"{name}.weight", [filters, image[0], kernel, kernel], image[0] * area, filters * area);
        _bias = Parameter.Bias($"{name}.bias", bias == BiasKind.Shared ? [filters, 1, 1] : OutputImage);
    }

    /// <summary>Shape [K,P,Q] of one output.</summary>
    public Shape OutputImage { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.Conv2d(_weight.Value, _stride, _pad) + _bias.Value;
}
