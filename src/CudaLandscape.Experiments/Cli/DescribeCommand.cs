using System.CommandLine;
using CudaLandscape.Nn.Graph;

namespace CudaLandscape.Experiments.Cli;

/// <summary>The command <c>describe</c>: a network layer by layer, without running it and without a device.</summary>
internal static class DescribeCommand
{
    private static readonly Argument<string> s_network =
        new("NET") { Description = $"Name of the network: {string.Join(", ", NamedNetworks.Names)}." };

    private static readonly Option<bool> s_json = new("--json") { Description = "Write JSON instead of a table." };

    public static Command Create()
    {
        Command command = new("describe", "Show a network layer by layer: shapes, neurons, parameters, cost and memory.")
        {
            s_network, s_json,
        };
        NetworkCommandOptions.AddTo(command);
        command.SetAction(parsed => (int)Run(parsed, Console.Out));
        return command;
    }

    private static ExitCode Run(ParseResult p, TextWriter output)
    {
        string name = p.GetValue(s_network)!;
        GraphModel model = NamedNetworks.Create(name, NetworkCommandOptions.Read(p, name));
        DescriptionReport report = new(name, ModelDescription.Of(model, model.InputShape));
        if (p.GetValue(s_json)) output.WriteLine(report.ToJson());
        else report.Print(output);
        return ExitCode.Ok;
    }
}
