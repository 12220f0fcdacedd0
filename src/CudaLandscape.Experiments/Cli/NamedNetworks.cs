using CudaLandscape.Nn;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The networks the command line knows by name.</summary>
internal static class NamedNetworks
{
    private static readonly SortedDictionary<string, Func<NetworkOptions, GraphModel>> s_networks = new(StringComparer.Ordinal)
    {
        ["figure1"] = o => new Figure1Network(o.T1, o.Conv2, o.Bias),
        ["cnn13"] = o => new Cnn13(o.Activation, o.Reading),
        ["vgg11"] = o => new Vgg(11, o.Activation, o.Downsampling, o.BatchNorm),
        ["vgg13"] = o => new Vgg(13, o.Activation, o.Downsampling, o.BatchNorm),
        ["vgg16"] = o => new Vgg(16, o.Activation, o.Downsampling, o.BatchNorm),
        ["densenet121"] = o => new DenseNet(o.Activation),
    };

    public static IEnumerable<string> Names => s_networks.Keys;

    /// <summary>The network of that name with the options that concern it.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest ones.</exception>
    public static GraphModel Create(string name, NetworkOptions options) =>
        s_networks.TryGetValue(name, out Func<NetworkOptions, GraphModel>? create)
            ? create(options)
            : throw new ArgumentException($"There is no network '{name}'; nearest: {NearestNames.Text(name, Names)}.");
}
