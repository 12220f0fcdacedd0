using CudaLandscape.Landscape.DeepLinear;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Random;

namespace CudaLandscape.Experiments.Claims.DeepLinear;

/// <summary>The engine's ReLU network against the sum over all its paths.</summary>
internal sealed class ReluPathsClaim : IClaim
{
    public int Item => 29;

    public string Name => "path-sum";

    public string Statement => "the output of a ReLU network is a sum over its active paths";

    public string Source => $"{DeepLinearClaims.Note}, eq. 5";

    public IReadOnlyList<ClaimSize> Sizes { get; } =
        [new("samples", "random inputs", 50, 5, 100_000), new("width", "neurons of each of 2 hidden layers", 8, 2, 64)];

    public ClaimResult Run(ClaimContext context)
    {
        (int samples, int width) = (context.Size("samples"), context.Size("width"));
        Sequential model = new([5], new Linear(5, width), Activation.Relu, new Linear(width, width), Activation.Relu, new Linear(width, 3));
        using ParameterSlab slab = ParameterSlab.Initialize(model, context.Device, DType.Float64, Initializer.GlorotUniform, context.Seed);
        Tensor x = RandomTensor.Normal(context.Device, [samples, 5], DType.Float64, context.Stream(1500));
        double[][] outputs = [.. model.Forward(x).Detach().ToArray<double>().Chunk(3)], inputs = [.. x.ToArray<double>().Chunk(5)];
        PathSum paths = new([.. slab.Tensors.Where(t => t.Shape.Rank == 2).Select(Matrix)]);
        double error = inputs.Zip(outputs, (input, output) => paths.Relu(input).Zip(output, (a, b) => Math.Abs(a - b)).Max()).Max();
        return new ClaimResult(
            Check.AtMost("largest difference of an output", error, 1e-12),
            Check.AtLeast("paths to an output", paths.PathCount, 20),
            Check.AtLeast("largest difference were all paths active: the activities matter", Linear(paths, inputs, outputs), 1e-3))
        {
            Note = "Biases are zero, as the formula has none.",
        };
    }

    private static double Linear(PathSum paths, double[][] inputs, double[][] outputs) => inputs.Zip(
        outputs, (input, output) => paths.Sum(input, _ => 1).Zip(output, (a, b) => Math.Abs(a - b)).Max()).Max();

    private static double[,] Matrix(Tensor weight)
    {
        double[,] matrix = new double[weight.Shape[0], weight.Shape[1]];
        Buffer.BlockCopy(weight.ToArray<double>(), 0, matrix, 0, (int)weight.Bytes);
        return matrix;
    }
}
