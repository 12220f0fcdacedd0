using CudaLandscape.Nn;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The networks the command line knows by name.</summary>
internal static class NamedNetworks
{
    private static readonly SortedDictionary<string, Func<int, Conv2Choice, BiasKind, GraphModel>> s_networks =
        new(StringComparer.Ordinal)
        {
            ["figure1"] = (t1, conv2, bias) => new Figure1Network(t1, conv2, bias),
        };

    public static IEnumerable<string> Names => s_networks.Keys;

    /// <summary>The network of that name with the options that concern it.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest ones.</exception>
    public static GraphModel Create(string name, int t1, Conv2Choice conv2, BiasKind bias) =>
        s_networks.TryGetValue(name, out Func<int, Conv2Choice, BiasKind, GraphModel>? create)
            ? create(t1, conv2, bias)
            : throw new ArgumentException($"There is no network '{name}'; nearest: {NearestNames.Text(name, Names)}.");
}
