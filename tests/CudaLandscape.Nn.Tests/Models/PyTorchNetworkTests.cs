using System.Text.Json;
using CudaLandscape.Nn.Graph;
using CudaLandscape.Nn.Initializers;
using CudaLandscape.Nn.Models;
using CudaLandscape.Nn.Modules;
using CudaLandscape.Tensors;
using CudaLandscape.Tensors.Autograd;

namespace CudaLandscape.Nn.Tests.Models;

/// <summary>
/// Outputs and gradients of whole networks of ICLR'19 from parameters given by a formula, against PyTorch's in float64, which
/// Fixtures/make_network_fixtures.py wrote to Fixtures/networks.json.
/// </summary>
[Collection("device")]
public sealed class PyTorchNetworkTests
{
    // With this stream no two largest values of a pooling window are nearer than 3e-6, where float32 may choose the other.
    private const int Images = 1024;

    private static readonly JsonElement s_cases = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "networks.json"))).RootElement.GetProperty("cases");

    // PyTorch's own float32 differs from its float64 on DenseNet121 by up to 9e-6 in a norm and 7e-5 in an entry, ours by 1.4e-5 in a norm
    // (Winograd's transforms of 4x4 tiles).
    [Theory]
    [InlineData("vgg11", DType.Float64, 1e-10, 1e-10)]
    [InlineData("vgg11", DType.Float32, 1e-5, 1e-5)]
    [InlineData("densenet121", DType.Float64, 1e-10, 1e-10)]
    [InlineData("densenet121", DType.Float32, 2e-5, 7e-5)]
    [InlineData("densenet small", DType.Float64, 1e-10, 1e-10)]
    [InlineData("densenet small", DType.Float32, 1e-5, 1e-5)]
    public void Outputs_and_gradients_are_PyTorch_s(string name, DType type, double tolerance, double ofEntries) =>
        Compare(name, type, tolerance, ofEntries);

    // The planted error: one weight moved by 1e-6.
    [Fact]
    public void A_weight_that_is_slightly_off_is_noticed()
    {
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Compare("densenet small", DType.Float64, 1e-10, 1e-10, Move));

        static void Move(ParameterSlab slab)
        {
            Tensor weight = slab.Tensors[20].Slab(3, [1], "weight");
            weight.CopyFrom(weight.Scale(1, 1e-6));
        }
    }

    private static void Compare(string name, DType type, double tolerance, double ofEntries, Action<ParameterSlab>? plant = null)
    {
        JsonElement expected = s_cases.GetProperty(name);
        int batch = expected.GetProperty("batch").GetInt32();
        GraphModel model = Network(name);
        using ParameterSlab slab = ParameterSlab.Initialize(model, TestDevices.Primary, type, Initializer.GlorotUniform, 1);
        using TensorScope scope = new();
        for (int i = 0; i < slab.Tensors.Length; i++)
            slab.Tensors[i].CopyFrom(Formula(slab.Parameters[i], i + 1).ToTensor(TestDevices.Primary, type));
        plant?.Invoke(slab);
        Tensor labels = Tensor.From<int>(TestDevices.Primary, [batch], [.. Enumerable.Range(0, batch).Select(i => (3 * i + 1) % 10)]);
        Tensor outputs = model.Forward(Uniform([batch, 3, 32, 32], Images).ToTensor(TestDevices.Primary, type));
        double[][] gradients = [.. Gradient.Of(outputs.CrossEntropy(labels), slab.Tensors).Select(HostArray.Read)];
        Close.ToScale(expected.GetProperty("outputs").Deserialize<double[]>()!, HostArray.Read(outputs), tolerance, 0, $"{name}: outputs");
        CompareNorms(expected.GetProperty("norms"), slab, gradients, tolerance);
        foreach (double[] sample in expected.GetProperty("sampled").Deserialize<double[][]>()!)
        {
            double[] gradient = gradients[(int)sample[0]];
            double scale = gradient.Max(Math.Abs), actual = gradient[(int)sample[1]];
            Assert.True(
                Math.Abs(actual - sample[2]) <= ofEntries * scale,
                $"{name}: gradient {sample[0]}, entry {sample[1]} is {actual:R}, PyTorch {sample[2]:R}, largest {scale:R}");
        }
    }

    private static void CompareNorms(JsonElement expected, ParameterSlab slab, double[][] gradients, double tolerance)
    {
        Assert.Equal(expected.EnumerateObject().Select(p => p.Name), slab.Parameters.Select(p => p.Name));
        string[] off =
        [
            .. from pair in expected.EnumerateObject().Zip(gradients)
               let ratio = Math.Sqrt(pair.Second.Sum(g => g * g)) / pair.First.Value.GetDouble()
               where !(Math.Abs(ratio - 1) <= tolerance)
               select $"{pair.First.Name} {ratio - 1:E2}",
        ];
        Assert.True(off.Length == 0, $"gradients' norms differ from PyTorch's, relative: {string.Join(", ", off)}");
    }

    private static GraphModel Network(string name) => name switch
    {
        "vgg11" => new Vgg(11, Activation.Softplus(20)),
        "densenet121" => new DenseNet(Activation.Softplus(20)),
        _ => new DenseNet(Activation.Sigmoid, growth: 4, blocks: [2, 3]),
    };

    // Weights with variance 2 / fan-in, biases and shifts small, scales near 1.
    private static HostArray Formula(Parameter parameter, int stream)
    {
        HostArray u = Uniform(parameter.Shape, stream);
        double factor = parameter.FanIn > 0 && parameter.Name.EndsWith("weight", StringComparison.Ordinal) ? Math.Sqrt(6.0 / parameter.FanIn) : 0.1;
        return parameter.Name.EndsWith("norm.weight", StringComparison.Ordinal)
            ? u with { Values = Array.ConvertAll(u.Values, v => 1 + 0.2 * v) }
            : u with { Values = Array.ConvertAll(u.Values, v => factor * v) };
    }

    // Element i of (-1, 1) from a 32-bit hash of i and the stream.
    private static HostArray Uniform(Shape shape, int stream)
    {
        HostArray x = HostArray.Zeros(shape);
        for (int i = 0; i < x.Values.Length; i++)
        {
            uint h = unchecked((uint)i * 0x9E3779B1 + (uint)stream * 0x85EBCA77);
            h = unchecked((h ^ (h >> 15)) * 0x2C1B3C6D);
            h = unchecked((h ^ (h >> 12)) * 0x297A2D39);
            h ^= h >> 15;
            x.Values[i] = (h + 0.5) / 2147483648.0 - 1;
        }

        return x;
    }
}
