using CudaLandscape.Nn.Graph;

namespace CudaLandscape.Landscape.Widths;

/// <summary>
/// A published network as a chain of its widest part, whose widths are computed layer by layer. A module of parallel branches
/// stands as one layer with its concatenated output, which is at least as wide as each branch. A chain is cut where every later
/// layer is narrower than the widest before.
/// </summary>
/// <param name="Name">Name in ICML'18, Table 1.</param>
/// <param name="Chain">The layers.</param>
/// <param name="PaperWidth">The width the table gives, in thousands.</param>
/// <param name="PaperLayer">The layer k it gives for it; 0 where the table names none.</param>
/// <param name="PaperIsWide">The table's answer to whether a layer has N = 1200 thousand neurons or more.</param>
public sealed record PublishedArchitecture(string Name, GraphModel Chain, int PaperWidth, int PaperLayer, bool PaperIsWide)
{
    /// <summary>Widths n_1, n_2, … of the layers with weights and of those that pool.</summary>
    public IReadOnlyList<long> Widths => ModelDescription.Of(Chain, Chain.InputShape).Widths;

    /// <summary>max n_k.</summary>
    public long MaxWidth => Widths.Max();

    /// <summary>Layers with weights up to the widest one, counted from 1.</summary>
    public int WidestLayer
    {
        get
        {
            LayerDescription[] layers = [.. ModelDescription.Of(Chain, Chain.InputShape).Layers.Where(l => l.Neurons > 0)];
            return Array.FindIndex(layers, l => l.Neurons == layers.Max(m => m.Neurons)) + 1;
        }
    }
}
