using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Modules;

/// <summary>A model that is nothing but weights of the given shapes, p0, p1, …; fans 30 and 20.</summary>
internal sealed class FreeParameters(params Shape[] shapes) : Module
{
    public override IReadOnlyList<Parameter> Parameters { get; } =
        [.. shapes.Select((shape, i) => Parameter.Weight($"p{i}", shape, 30, 20))];

    public override Tensor Forward(Tensor x) => x;
}
