using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;

namespace CudaLandscape.Experiments.Claims.NguyenMukkamalaHein;

/// <summary>Table 3: do its rows add up to the hidden neurons that its caption names?</summary>
internal sealed class Cnn13NeuronsClaim : IClaim
{
    private const long Caption = 179_840;
    private static readonly long[] s_rows = [50_176, 50_176, 12_544, 25_088, 25_088, 6_272, 12_544, 12_544, 4_096, 4_096, 1_024, 1_024, 256];

    public int Item => 22;

    public string Name => "cnn13-neurons";

    public string Statement => "CNN13 has 13 layers with the neurons that Table 3 prints, 179,840 in all";

    public string Source => $"{ValleyClaims.Paper}, Table 3";

    public IReadOnlyList<ClaimSize> Sizes { get; } = [];

    public ClaimResult Run(ClaimContext context)
    {
        long[] table = Neurons(Cnn13Reading.Table), text = Neurons(Cnn13Reading.Text);
        return new ClaimResult(
        [
            .. table.Zip(s_rows, (computed, row) => Check.Equal($"a row of the table, {row}", computed, row)),
            Check.Equal("convolutions of the table's network", table.Length, s_rows.Length),
            Check.Contradicts("hidden neurons, the sum of the table's rows", table.Sum(), Caption),
            Check.Equal("hidden neurons without one of the two layers of 14 x 14 x 128", text.Sum(), Caption),
            Check.Equal("convolutions of that network and its output layer", text.Length + 1, 13),
        ])
        {
            Note = "The caption's number is that of the rows less one of the two of 14 x 14 x 128 = 25,088: 12 convolutions, which with the output layer are "
                + "the 13 layers of the name. `describe cnn13 --reading text` and `--reading table` show both.",
        };
    }

    // The hidden layers are those with an activation.
    private static long[] Neurons(Cnn13Reading reading)
    {
        Cnn13 network = new(Activation.Softplus(20), reading);
        return [.. ModelDescription.Of(network, network.InputShape).Widths.SkipLast(1)];
    }
}
