namespace CudaLandscape.Nn.Models;

/// <summary>
/// The second convolution of the ICML'18 network. The paper gives its 2880 outputs and not its kernel; these two small ones
/// give them.
/// </summary>
public enum Conv2Choice
{
    /// <summary>2x2, stride 1: 20 maps of 12x12, the only small kernel with the first layer's stride and padding.</summary>
    Kernel2Stride1,

    /// <summary>3x3, stride 2: 80 maps of 6x6.</summary>
    Kernel3Stride2,
}
