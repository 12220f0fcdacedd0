using CudaLandscape.Landscape.Layers;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Landscape.Tests.Layers;

/// <summary>The tensor op against the layer's full weight matrix U = M(W), and against Conv2d where the patches are an image's.</summary>
[Collection("device")]
public sealed class PatchConvolutionTests
{
    public static TheoryData<string> Layers => [.. s_layers.Keys];

    private static readonly Dictionary<string, PatchLayer> s_layers = new()
    {
        ["line"] = PatchLayer.Line(7, 3, 2),
        ["image"] = PatchLayer.Image(2, 4, 5, 3),
        ["any sets"] = new PatchLayer(6, [[5, 0, 3], [1, 1, 4], [2, 3, 0], [0, 5, 1]]),
        ["fully connected"] = new PatchLayer(4, [[0, 1, 2, 3]]),
    };

    [Theory, MemberData(nameof(Layers))]
    public void Equals_the_product_with_the_full_weights(string name)
    {
        const int samples = 5, filters = 3;
        PatchLayer layer = s_layers[name];
        int length = layer.Patches[0].Length, neurons = layer.Patches.Length * filters;
        HostArray x = TestData.Spread([samples, layer.Inputs], 1), w = TestData.Spread([filters, length], 2);
        HostArray bias = TestData.Spread([neurons], 3), dy = TestData.Spread([samples, neurons], 4);
        double[,] u = layer.FullWeights([.. w.Values.Chunk(length)]);
        using TensorScope scope = new();
        using IndexSet patches = Indices(layer);
        Tensor leaf = x.ToTensor(TestDevices.Primary, DType.Float64).RequireGradient();
        Tensor y = leaf.PatchConvolution(patches, w.ToTensor(TestDevices.Primary, DType.Float64), bias.ToTensor(TestDevices.Primary, DType.Float64));
        Tensor dx = Gradient.Of(y, [leaf], dy.ToTensor(TestDevices.Primary, DType.Float64))[0];
        double[] expected = new double[samples * neurons], expectedGradient = new double[samples * layer.Inputs];
        for (int n = 0; n < samples; n++)
        {
            for (int h = 0; h < neurons; h++)
            {
                expected[n * neurons + h] = bias[h];
                for (int i = 0; i < layer.Inputs; i++)
                {
                    expected[n * neurons + h] += x[n, i] * u[i, h];
                    expectedGradient[n * layer.Inputs + i] += u[i, h] * dy[n, h];
                }
            }
        }

        Close.ToScale(expected, HostArray.Read(y), 1e-14, 1, name);
        Close.ToScale(expectedGradient, HostArray.Read(dx), 1e-14, 1, $"{name}, gradient");
    }

    [Theory]
    [InlineData(1, 6, 5, 3, 1)]
    [InlineData(3, 7, 7, 2, 2)]
    public void Equals_Conv2d_on_image_patches_up_to_the_order_of_neurons(int channels, int height, int width, int kernel, int stride)
    {
        const int samples = 4, filters = 5;
        PatchLayer layer = PatchLayer.Image(channels, height, width, kernel, stride);
        using TensorScope scope = new();
        using IndexSet patches = Indices(layer);
        Tensor x = TestData.Spread([samples, channels, height, width], 5).ToTensor(TestDevices.Primary, DType.Float64);
        Tensor w = TestData.Spread([filters, channels, kernel, kernel], 6).ToTensor(TestDevices.Primary, DType.Float64).RequireGradient();
        Tensor v = TestData.Spread(w.Shape, 7).ToTensor(TestDevices.Primary, DType.Float64);
        Tensor convolved = x.Conv2d(w, stride);
        Tensor patched = x.Reshape([samples, layer.Inputs]).PatchConvolution(patches, w.Reshape([filters, channels * kernel * kernel]))
            .Reshape([samples, layer.Patches.Length, filters]).Permute(0, 2, 1).Reshape(convolved.Shape);
        Close.ToScale(HostArray.Read(convolved), HostArray.Read(patched), 1e-14, 1, "values");
        Close.ToScale(HessianVectorProduct(convolved, w, v), HessianVectorProduct(patched, w, v), 1e-13, 1, "Hessian-vector product");
    }

    private static double[] HessianVectorProduct(Tensor y, Tensor w, Tensor v)
    {
        Tensor activated = y.Sigmoid();
        return HostArray.Read(Gradient.HessianVectorProduct((activated * activated).Sum(), [w], [v])[0]);
    }

    private static IndexSet Indices(PatchLayer layer) => IndexSet.From(
        TestDevices.Primary, [layer.Patches.Length, layer.Patches[0].Length], [.. layer.Patches.SelectMany(p => p)], layer.Inputs);
}
