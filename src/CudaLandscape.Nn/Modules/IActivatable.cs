using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Modules;

/// <summary>A layer that can apply the activation behind it while it writes its results.</summary>
internal interface IActivatable
{
    /// <summary>Whether it can with these settings.</summary>
    bool CanActivate { get; }

    /// <summary>Whether an input may have more channels than the layer reads, of which it takes the first.</summary>
    bool TakesFirstChannels { get; }

    /// <summary>σ(Forward(x)), with the same values.</summary>
    Tensor ForwardAndActivate(Tensor x, ActivationFunction activation);
}
