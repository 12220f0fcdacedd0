namespace CudaLandscape.Nn.Models;

/// <summary>How a <see cref="Vgg"/> halves its maps.</summary>
public enum VggDownsampling
{
    /// <summary>2x2 max-pooling, as VGG does; not analytic, so Assumption 3.1 of ICLR'19 does not hold.</summary>
    MaxPool,

    /// <summary>A 3x3 convolution with stride 2 and as many maps, with its activation, in the place of each pooling layer.</summary>
    StridedConvolution,
}
