using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>The mean of every kernel x kernel window; x[N,C,H,W], y[N,C,P,Q], stride = kernel when left out.</summary>
public sealed class AvgPool2d(int kernel, int? stride = null) : Module
{
    private readonly int _stride = stride ?? kernel;

    /// <summary>Height and width of the windows.</summary>
    public int Kernel => kernel;

    /// <summary>Distance of two neighbouring windows.</summary>
    public int Stride => _stride;

    /// <inheritdoc/>
    public override LayerRole Role => LayerRole.Pooling;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => [];

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x) => x.AveragePool2d(kernel, _stride);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 3) throw new ArgumentException($"average_pool2d: expects samples [C,H,W], got {input}.");
        Shape batch = [1, .. input.Sizes];
        return Shape.Create(new Pool2dSize("average_pool2d", batch, kernel, _stride, 0).Pooled(batch).Sizes[1..]);
    }
}
