using System.CommandLine;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The options of commands that take a network's name: what the name leaves open.</summary>
internal static class NetworkCommandOptions
{
    private static readonly Option<int> s_t1 = NumberOption.WithDefault("--t1", "figure1: filters of the first layer.", Options.Filters, 100);

    private static readonly Option<string> s_conv2 =
        Options.Choice("--conv2", "figure1: the second convolution, which the paper does not give.", "2x2", "3x3s2");

    private static readonly Option<string> s_bias =
        Options.Choice("--bias", "figure1: one bias per channel, or one per neuron as Definition 2.1 says.", "shared", "neuron");

    private static readonly Option<string> s_activation =
        Options.Choice("--activation", "cnn13, vgg, densenet121: activation of hidden layers, softplus with alpha = 20.", "sigmoid", "softplus");

    private static readonly Option<string> s_reading =
        Options.Choice("--reading", "cnn13: 179,840 hidden neurons as the text says, or 204,928 as its table adds up.", "text", "table");

    private static readonly Option<string> s_downsampling =
        Options.Choice("--downsampling", "vgg: max-pooling, or convolutions with stride 2 in its place.", "pool", "conv");

    private static readonly Option<bool> s_batchNorm = new("--batch-norm") { Description = "vgg: batch normalisation." };

    // With how the names of the networks begin that have them.
    private static readonly (Option Option, string[] Networks)[] s_all =
    [
        (s_t1, ["figure1"]), (s_conv2, ["figure1"]), (s_bias, ["figure1"]), (s_activation, ["cnn13", "vgg", "densenet121"]),
        (s_reading, ["cnn13"]), (s_downsampling, ["vgg"]), (s_batchNorm, ["vgg"]),
    ];

    /// <summary>Adds them to a command.</summary>
    public static void AddTo(Command command)
    {
        foreach ((Option option, _) in s_all) command.Options.Add(option);
    }

    /// <summary>What was given for a network.</summary>
    /// <exception cref="ArgumentException">An option was given that the network does not have.</exception>
    public static NetworkOptions Read(ParseResult p, string network)
    {
        RequireOptionsOf(network, p);
        return new NetworkOptions
        {
            T1 = p.GetValue(s_t1),
            Conv2 = p.GetValue(s_conv2) == "3x3s2" ? Conv2Choice.Kernel3Stride2 : Conv2Choice.Kernel2Stride1,
            Bias = p.GetValue(s_bias) == "neuron" ? BiasKind.Neuron : BiasKind.Shared,
            Activation = NetworkOptions.ActivationOf(p.GetValue(s_activation)!),
            Reading = p.GetValue(s_reading) == "table" ? Cnn13Reading.Table : Cnn13Reading.Text,
            Downsampling = p.GetValue(s_downsampling) == "conv" ? VggDownsampling.StridedConvolution : VggDownsampling.MaxPool,
            BatchNorm = p.GetValue(s_batchNorm),
        };
    }

    // An unknown network is refused where it is made.
    private static void RequireOptionsOf(string network, ParseResult p)
    {
        if (!NamedNetworks.Names.Contains(network)) return;
        foreach ((Option option, string[] networks) in s_all)
        {
            if (p.GetResult(option) is { Implicit: false } && !networks.Any(name => network.StartsWith(name, StringComparison.Ordinal)))
                throw new ArgumentException($"{option.Name} is not for {network} but for {string.Join(", ", networks)}; leave it out.");
        }
    }
}
