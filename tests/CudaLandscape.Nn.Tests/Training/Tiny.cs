using CudaLandscape.Nn.Data;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;

namespace CudaLandscape.Nn.Tests.Training;

/// <summary>A network small enough for loops: images of 6x6, 8 hidden sigmoid neurons, 3 outputs.</summary>
internal sealed class Tiny : Module
{
    public const int Side = 6, Hidden = 8, Classes = 3;
    private readonly Linear _first = new("fc1", Side * Side, Hidden), _second = new("fc2", Hidden, Classes);

    /// <summary>Called with the batch before every forward pass.</summary>
    public Action<Tensor>? OnForward { get; init; }

    public override IReadOnlyList<Parameter> Parameters => [.. _first.Parameters, .. _second.Parameters];

    public override Tensor Forward(Tensor x)
    {
        OnForward?.Invoke(x);
        Tensor rows = x.Reshape([x.Shape[0], Side * Side]).Cast(Parameters[0].Value.DType);
        return _second.Forward(_first.Forward(rows).Sigmoid());
    }

    public ParameterSlab Draw(Device device, DType type = DType.Float32) =>
        ParameterSlab.Initialize(this, device, type, Initializer.GlorotUniform, 4);

    /// <summary>Images of random pixels; the label's third of the rows is brighter.</summary>
    public static ImageSet Images(int count, int seed = 1)
    {
        System.Random random = new(seed);
        byte[] pixels = new byte[count * Side * Side], labels = new byte[count];
        for (int n = 0; n < count; n++)
        {
            labels[n] = (byte)random.Next(Classes);
            for (int i = 0; i < Side * Side; i++)
                pixels[n * Side * Side + i] = (byte)(random.Next(100) + (i / Side / 2 == labels[n] ? 100 : 0));
        }

        return new ImageSet(pixels, labels, 1, Side, Side, Classes, "random", "none", isReal: false);
    }

    public static double[][] Read(ParameterSlab slab) => Array.ConvertAll(slab.Tensors, HostArray.Read);
}
