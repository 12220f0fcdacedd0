using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Tensors;
using Spectre.Console;

namespace CudaLandscape.Experiments.Cli;

/// <summary>A model's description as a table for people and as JSON for scripts.</summary>
internal sealed class DescriptionReport(string name, ModelDescription model)
{
    private static readonly string[] s_texts = ["layer", "kind", "input", "output"];
    private static readonly string[] s_numbers = ["neurons", "parameters", "multiply-adds"];
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public void Print(TextWriter output)
    {
        Table table = new() { Border = TableBorder.Rounded };
        foreach (string title in s_texts) table.AddColumn(new TableColumn(title).NoWrap());
        foreach (string title in s_numbers) table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        foreach (LayerDescription layer in model.Layers) table.AddRow(Cells(layer).Select(c => new Text(c)));
        table.AddEmptyRow();
        table.AddRow(Totals().Select(c => new Text(c)));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, 150);
        output.WriteLine(
            $"{name}: {Number(model.HiddenNeurons)} hidden neurons, {Number(model.Parameters)} parameters, "
            + $"{Number(model.MultiplyAdds)} multiply-adds per sample");
        console.Write(table);
        output.WriteLine($"widths: {string.Join(", ", model.Widths)}");
        output.WriteLine(
            $"cost: {2e-6 * model.MultiplyAdds:N1} MFLOP per sample forward, about three times that in training (a multiply-add is 2 FLOP)");
        output.WriteLine(
            $"memory in float32: parameters {model.ParameterBytes / 1e6:N2} MB, outputs of all layers {model.OutputBytes / 1e6:N2} MB per sample");
        output.WriteLine(
            "Neurons are the outputs of layers with weights, counted once; pooled values have a width but are no neurons.");
    }

    public string ToJson() => new JsonObject
    {
        ["name"] = name,
        ["input"] = Sizes(model.Input),
        ["output"] = Sizes(model.Output),
        ["hidden_neurons"] = model.HiddenNeurons,
        ["parameters"] = model.Parameters,
        ["multiply_adds"] = model.MultiplyAdds,
        ["flop"] = 2 * model.MultiplyAdds,
        ["parameter_bytes"] = model.ParameterBytes,
        ["output_bytes"] = model.OutputBytes,
        ["widths"] = new JsonArray([.. model.Widths.Select(w => (JsonNode)w)]),
        ["layers"] = new JsonArray([.. model.Layers.Select(ToJson)]),
    }.ToJsonString(s_indented);

    private static JsonObject ToJson(LayerDescription layer) => new()
    {
        ["name"] = layer.Name,
        ["kind"] = layer.Kind,
        ["inputs"] = new JsonArray([.. layer.Inputs.Select(Sizes)]),
        ["output"] = Sizes(layer.Output),
        ["neurons"] = layer.Neurons,
        ["is_output"] = layer.IsOutput,
        ["parameters"] = layer.Parameters,
        ["shared_with"] = layer.SharedWith,
        ["multiply_adds"] = layer.MultiplyAdds,
    };

    private string[] Totals() =>
    [
        "total", "", $"{model.Input}", $"{model.Output}",
        Number(model.Layers.Sum(l => l.Neurons)), Number(model.Parameters), Number(model.MultiplyAdds),
    ];

    private static string[] Cells(LayerDescription layer) =>
    [
        layer.Name, layer.Kind, string.Join(" ", layer.Inputs), $"{layer.Output}",
        layer.Neurons == 0 ? "" : Number(layer.Neurons),
        layer.SharedWith is { } owner ? $"as {owner}" : layer.Parameters == 0 ? "" : Number(layer.Parameters),
        layer.MultiplyAdds == 0 ? "" : Number(layer.MultiplyAdds),
    ];

    private static JsonArray Sizes(Shape shape) => new([.. shape.Select(s => (JsonNode)s)]);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
