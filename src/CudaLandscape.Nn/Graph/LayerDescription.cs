using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Graph;

/// <summary>One layer of a <see cref="ModelDescription"/>; shapes are those of one sample.</summary>
public sealed record LayerDescription
{
    /// <summary>Its name, with the names of the graphs around it: <c>features.0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, such as <c>Conv2d</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it makes of its input.</summary>
    public required LayerRole Role { get; init; }

    /// <summary>Shapes of what it reads; several for a join.</summary>
    public required IReadOnlyList<Shape> Inputs { get; init; }

    /// <summary>Shape of its output.</summary>
    public required Shape Output { get; init; }

    /// <summary>Parameters counted here: those it shares with an earlier layer are counted there.</summary>
    public required long Parameters { get; init; }

    /// <summary>The earlier layer whose parameters it uses; null for none.</summary>
    public required string? SharedWith { get; init; }

    /// <summary>Multiply-adds of one sample's forward pass.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>True when its neurons are the model's outputs: no weights follow on a way to the output.</summary>
    public required bool IsOutput { get; init; }

    /// <summary>All its outputs for a layer with weights; none for others, which only pass neurons on or pool them.</summary>
    public long Neurons => Role == LayerRole.Weighted ? Output.ElementCount : 0;
}
