using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>The largest value of every kernel x kernel window; x[N,C,H,W], y[N,C,P,Q], stride = kernel when left out.</summary>
public sealed class MaxPool2d(int kernel, int? stride = null, int pad = 0) : Module
{
    private readonly int _stride = stride ?? kernel;

    /// <summary>Height and width of the windows.</summary>
    public int Kernel => kernel;

    /// <summary>Distance of two neighbouring windows.</summary>
    public int Stride => _stride;

    /// <summary>Places added on each side.</summary>
    public int Pad => pad;

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Pooling;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.MaxPool2d(kernel, _stride, pad);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 3) throw new ArgumentException($"max_pool2d: expects samples [C,H,W], got {input}.");
        Shape batch = [1, .. input.Sizes];
        return Shape.Create(new Pool2dSize("max_pool2d", batch, kernel, _stride, pad).Pooled(batch).Sizes[1..]);
    }
}
