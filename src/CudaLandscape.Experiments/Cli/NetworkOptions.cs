using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Experiments.Cli;

/// <summary>What a network's name leaves open; each network reads what concerns it.</summary>
internal sealed record NetworkOptions
{
    /// <summary>figure1: filters of the first layer.</summary>
    public int T1 { get; init; } = 100;

    /// <summary>figure1: the second convolution.</summary>
    public Conv2Choice Conv2 { get; init; }

    /// <summary>figure1: how biases are shared.</summary>
    public BiasKind Bias { get; init; }

    /// <summary>cnn13, vgg, densenet121: the activation of hidden layers.</summary>
    public Activation Activation { get; init; } = Activation.Sigmoid;

    /// <summary>cnn13: which statement of the paper holds.</summary>
    public Cnn13Reading Reading { get; init; }

    /// <summary>vgg: how maps are halved.</summary>
    public VggDownsampling Downsampling { get; init; }

    /// <summary>vgg: batch normalisation.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The activation of that name: sigmoid, or softplus with ICLR'19's α = 20.</summary>
    public static Activation ActivationOf(string name) => name == "sigmoid" ? Activation.Sigmoid : Activation.Softplus(20);
}
